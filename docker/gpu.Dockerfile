# SPDX-License-Identifier: Apache-2.0
# The service on NVIDIA GPUs (Linux x86-64). Needs BuildKit and the image of the Dockerfile above this folder. From that one's folder:
#
#   docker build -t cxr-localizer-gpu -f docker/gpu.Dockerfile .
#   docker run --gpus all --read-only --tmpfs /tmp:size=256m -e SECURITY_MODE=none -p 127.0.0.1:8080:8080 cxr-localizer-gpu
#
# The build downloads PyTorch's wheel and CUDA's (2.7 GB) from PyPI, or from PIP_INDEX_URL. With --build-arg LIBTORCH=folder its
# context is an unpacked libtorch 2.7.1 for CUDA 12 instead (cxx11 ABI, shared, with dependencies). Behind a proxy that signs with
# certificates of its own, pip takes them from a secret: --secret id=certificates,src=BUNDLE.
#
# PyPI's wheel of 2.7.1 has CUDA 12.6: any driver from 525 on, GPUs up to Hopper. For later ones, take the folder with CUDA 12.8.
# The JNI library is that for CUDA 12.8 with both: it calls the same functions, and CUDA 12's runtime has one ABI.
# Tried (.ci/docker): each step; a start with PyTorch for a CPU in the place of libtorch; and with CXR_ALL=yes, a start and an
# answer from the wheels on a machine without a GPU, with a library of empty functions in the place of the driver. Not tried: this
# image on a GPU. The service itself was run on one (src/test/bench/gpu), with another version of PyTorch.

ARG APPLICATION=cxr-localizer
ARG BUILD_IMAGE=eclipse-temurin:25.0.4_7-jdk
# Any image with glibc and bash: the JVM comes from the application, CUDA with libtorch.
ARG RUNTIME_IMAGE=eclipse-temurin:25.0.4_7-jre
ARG PYTHON_IMAGE=python:3.12.12-slim
ARG LIBTORCH=wheel
# Of the JNI library.
ARG FLAVOR=cu128

FROM ${APPLICATION} AS application

FROM ${PYTHON_IMAGE} AS wheel
ARG TORCH=2.7.1
ARG PIP_INDEX_URL
RUN --mount=type=bind,source=docker/torch-libraries,target=/torch-libraries --mount=type=cache,target=/root/.cache/pip \
    --mount=type=secret,id=certificates \
    if [ -f /run/secrets/certificates ]; then export PIP_CERT=/run/secrets/certificates; fi; \
    python3 /torch-libraries "$TORCH" /opt/libtorch

FROM scratch AS folder
COPY lib /opt/libtorch

FROM ${LIBTORCH} AS bare

FROM ${BUILD_IMAGE} AS libtorch
ARG FLAVOR
COPY --from=bare /opt/libtorch /opt/libtorch
WORKDIR /jni
# The Deep Java Library loads every library that lies here: its own of the same flavour must, and PyTorch's tests must not.
RUN --mount=type=bind,from=application,source=/opt/cxr-localizer/lib,target=/lib-of-application \
    jar --extract --file /lib-of-application/pytorch-jni-*.jar "jnilib/linux-x86_64/$FLAVOR" \
    && rm -f /opt/libtorch/*.a /opt/libtorch/lib*test*.so /opt/libtorch/libbackend_with_compiler.so \
    && cp "jnilib/linux-x86_64/$FLAVOR/libdjl_torch.so" /opt/libtorch/

FROM ${RUNTIME_IMAGE}
# Overlays have words on them.
RUN command -v fc-list >/dev/null || { apt-get update && apt-get install -y --no-install-recommends fontconfig \
    && rm -rf /var/lib/apt/lists/*; }
RUN echo 'cxr-localizer:x:10001:10001::/var/lib/cxr-localizer:/usr/sbin/nologin' >>/etc/passwd \
    && echo 'cxr-localizer:x:10001:' >>/etc/group \
    && mkdir -m 0750 /var/lib/cxr-localizer \
    && chown 10001:10001 /var/lib/cxr-localizer
COPY --from=libtorch /opt/libtorch /opt/libtorch
# The same JVM and jars at the same places, so that the AOT cache fits.
COPY --from=application /opt/java/openjdk /opt/java/openjdk
COPY --from=application /opt/cxr-localizer /opt/cxr-localizer
ARG FLAVOR
# Without NVIDIA_TF32_OVERRIDE PyTorch convolves in TensorFloat-32, and boxes move by pixels.
ENV JAVA_HOME=/opt/java/openjdk \
    PATH=/opt/java/openjdk/bin:/usr/local/nvidia/bin:/usr/local/cuda/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    LANG=C.UTF-8 \
    NVIDIA_TF32_OVERRIDE=0 \
    LD_LIBRARY_PATH=/opt/libtorch:/usr/local/nvidia/lib:/usr/local/nvidia/lib64:/usr/local/cuda/lib64 \
    NVIDIA_VISIBLE_DEVICES=all \
    NVIDIA_DRIVER_CAPABILITIES=compute,utility \
    PYTORCH_LIBRARY_PATH=/opt/libtorch \
    PYTORCH_VERSION=2.7.1 \
    PYTORCH_FLAVOR=${FLAVOR} \
    DJL_CACHE_DIR=/tmp/djl \
    DJL_OFFLINE=true \
    OPT_OUT_TRACKING=true \
    OMP_WAIT_POLICY=PASSIVE \
    STATE_DIRECTORY=/var/lib/cxr-localizer \
    SERVER_ADDRESS=0.0.0.0 \
    MANAGEMENT_SERVER_ADDRESS=0.0.0.0 \
    MANAGEMENT_SERVER_PORT=8081
WORKDIR /opt/cxr-localizer
USER 10001:10001
LABEL org.opencontainers.image.title="cxr-localizer-gpu" \
      org.opencontainers.image.description="Localizes findings on chest X-rays by class activation maps, on GPUs. Research software, not a medical device." \
      org.opencontainers.image.licenses="Apache-2.0"
VOLUME /var/lib/cxr-localizer
EXPOSE 8080 8081
STOPSIGNAL SIGTERM
# CUDA takes time of its own to start.
HEALTHCHECK --interval=5s --timeout=5s --start-period=180s --retries=3 CMD ["/opt/cxr-localizer/healthcheck"]
ENTRYPOINT ["java", "@/opt/cxr-localizer/java.options", "-XX:AOTCache=/opt/cxr-localizer/cxr-localizer.aot", "-jar", "/opt/cxr-localizer/cxr-localizer.jar"]
