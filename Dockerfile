# SPDX-License-Identifier: Apache-2.0
# The service on a CPU (Linux x86-64). Needs BuildKit.
#
#   docker build -t cxr-localizer --build-arg MVNW_REPOURL=URL .     from source; URL is that of a Maven repository
#   docker build -t cxr-localizer --build-arg JAR=prebuilt .         from target/cxr-localizer.jar, as `./mvnw package` leaves it
#
# Maven settings (mirrors, credentials) go in as a secret, which no layer keeps: --secret id=maven-settings,src=settings.xml.
# There is no "syntax" line, so that a build needs no image but the two below.

ARG BUILD_IMAGE=eclipse-temurin:25.0.4_7-jdk
# Any image with a JRE of the same major version, bash and fontconfig; with glibc, which PyTorch needs.
ARG RUNTIME_IMAGE=eclipse-temurin:25.0.4_7-jre
ARG JAR=source

FROM ${BUILD_IMAGE} AS source
WORKDIR /src
COPY mvnw pom.xml ./
COPY .mvn .mvn
COPY models models
COPY src src
# Only this stage has the URL: neither the image nor its history has it.
ARG MVNW_REPOURL
RUN --mount=type=cache,target=/root/.m2 --mount=type=secret,id=maven-settings \
    settings=/run/secrets/maven-settings; \
    ./mvnw -B -ntp -q $([ ! -f $settings ] || echo "-s $settings") -Dmaven.test.skip=true -Dformatting=check -Dspotless.check.skip=true package

FROM scratch AS prebuilt
COPY target/cxr-localizer.jar /src/target/

FROM ${JAR} AS jar

# The jar in layers. Natives leave their jars: the Deep Java Library would unpack them at every start of a fresh container,
# to 432 MB in a directory that may be written; and 112 MB of jar would repeat the unpacked library.
FROM ${BUILD_IMAGE} AS parts
WORKDIR /parts
COPY --from=jar /src/target/cxr-localizer.jar .
RUN java -Djarmode=tools -jar cxr-localizer.jar extract --layers --destination app \
    && jar --extract --file app/dependencies/lib/pytorch-native-cpu-*.jar pytorch/cpu/linux-x86_64 \
    && jar --extract --file app/dependencies/lib/pytorch-jni-*.jar jnilib/linux-x86_64/cpu \
    && jar --extract --file app/dependencies/lib/jna-*.jar com/sun/jna/linux-x86-64 \
    && mv pytorch/cpu/linux-x86_64 libtorch \
    && mv jnilib/linux-x86_64/cpu/* libtorch/ \
    && mv com/sun/jna/linux-x86-64 jna \
    && rm app/dependencies/lib/pytorch-native-cpu-*.jar

FROM ${RUNTIME_IMAGE} AS runtime
# A number, so that an orchestrator can see that it is not root. Java needs a home, and takes it from this line.
RUN echo 'cxr-localizer:x:10001:10001::/var/lib/cxr-localizer:/usr/sbin/nologin' >>/etc/passwd \
    && echo 'cxr-localizer:x:10001:' >>/etc/group \
    && mkdir -m 0750 /var/lib/cxr-localizer \
    && chown 10001:10001 /var/lib/cxr-localizer
# The largest first and the oftenest changed last.
COPY --from=parts /parts/libtorch /opt/libtorch
WORKDIR /opt/cxr-localizer
COPY --from=parts /parts/jna jna
COPY --from=parts /parts/app/dependencies ./
COPY --from=parts /parts/app/snapshot-dependencies ./
COPY docker/java.options docker/healthcheck ./
COPY --from=parts /parts/app/application ./
# PyTorch from the image, nothing from a network. A large result stays in the allocator instead of going back to the kernel
# after each image, and lies on huge pages; threads that wait sleep.
ENV PYTORCH_LIBRARY_PATH=/opt/libtorch \
    PYTORCH_VERSION=2.7.1 \
    PYTORCH_FLAVOR=cpu \
    DJL_CACHE_DIR=/tmp/djl \
    DJL_OFFLINE=true \
    OPT_OUT_TRACKING=true \
    OMP_WAIT_POLICY=PASSIVE \
    MALLOC_MMAP_THRESHOLD_=1073741824 \
    MALLOC_TRIM_THRESHOLD_=1073741824 \
    THP_MEM_ALLOC_ENABLE=1 \
    STATE_DIRECTORY=/var/lib/cxr-localizer \
    SERVER_ADDRESS=0.0.0.0 \
    MANAGEMENT_SERVER_ADDRESS=0.0.0.0 \
    MANAGEMENT_SERVER_PORT=8081
USER 10001:10001

# One run of the service, to keep what the JVM learned of its classes: the start takes half the time.
FROM runtime AS training
COPY docker/train /
RUN --mount=type=bind,source=src/main/resources/samples,target=/samples /train /samples/00022215_012.png

FROM runtime
COPY --from=training --chown=0:0 /tmp/cxr-localizer.aot ./
ARG RUNTIME_IMAGE
ARG REVISION=unknown
LABEL org.opencontainers.image.title="cxr-localizer" \
      org.opencontainers.image.description="Localizes findings on chest X-rays by class activation maps. Research software, not a medical device." \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.base.name="${RUNTIME_IMAGE}" \
      org.opencontainers.image.revision="${REVISION}"
VOLUME /var/lib/cxr-localizer
# 8080: the API. 8081: health and metrics, with threads of their own, so that a full service still answers its probes.
EXPOSE 8080 8081
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=5s --timeout=5s --start-period=60s --retries=3 CMD ["/opt/cxr-localizer/healthcheck"]
ENTRYPOINT ["java", "@/opt/cxr-localizer/java.options", "-XX:AOTCache=/opt/cxr-localizer/cxr-localizer.aot", "-jar", "/opt/cxr-localizer/cxr-localizer.jar"]
