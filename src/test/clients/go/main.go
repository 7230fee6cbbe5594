// SPDX-License-Identifier: Apache-2.0
// Uses the client that oapi-codegen generates with default options: main ADDRESS PNG DICOM. See .ci/clients.
package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log"
	"mime/multipart"
	"os"
	"path/filepath"

	"cxr-localizer-client/cxr"
)

func form(name string, content []byte) (string, io.Reader) {
	body := &bytes.Buffer{}
	writer := multipart.NewWriter(body)
	part, err := writer.CreateFormFile("image", name)
	require(err == nil, "the form")
	part.Write(content)
	writer.Close()
	return writer.FormDataContentType(), body
}

func require(holds bool, what string) {
	if !holds {
		log.Fatal(what)
	}
}

func read(path string) []byte {
	content, err := os.ReadFile(path)
	require(err == nil, path)
	return content
}

func main() {
	address, png, dicom := os.Args[1], os.Args[2], os.Args[3]
	client, err := cxr.NewClientWithResponses(address)
	require(err == nil, "the client")
	ctx := context.Background()
	localize := func(params *cxr.LocalizeParams, contentType string, body io.Reader) *cxr.LocalizeResponse {
		answer, err := client.LocalizeWithBodyWithResponse(ctx, params, contentType, body)
		require(err == nil, fmt.Sprint(err))
		return answer
	}

	contentType, body := form(filepath.Base(png), read(png))
	found := localize(&cxr.LocalizeParams{}, contentType, body).JSON200
	require(found != nil && found.Image.MediaType == "image/png", "the type of the PNG")
	holds := false
	for _, finding := range found.Findings {
		if finding.Label == "Cardiomegaly" {
			holds = finding.Boxes[0].Width > 100 && finding.Comparisons[0].Iou > 0.3
		}
	}
	require(holds, "the box and the IoU with the ground truth")

	force := true
	labels := []string{"Mass", "Nodule"}
	contentType, body = form("chest.dcm", read(dicom))
	found = localize(&cxr.LocalizeParams{Labels: &labels, Force: &force}, contentType, body).JSON200
	require(found != nil && found.Image.MediaType == "application/dicom" && len(found.Findings) == 2, "the DICOM file")
	found = localize(&cxr.LocalizeParams{Force: &force}, "application/dicom", bytes.NewReader(read(dicom))).JSON200
	require(found != nil && found.Image.MediaType == "application/dicom", "the raw DICOM file")

	report, err := client.WriteStructuredReportWithBodyWithResponse(
		ctx, &cxr.WriteStructuredReportParams{Force: &force}, "application/dicom", bytes.NewReader(read(dicom)))
	require(err == nil && string(report.Body[128:132]) == "DICM", "the report")

	contentType, body = form("bad.png", []byte("no image"))
	problem := localize(&cxr.LocalizeParams{}, contentType, body).ApplicationproblemJSON422
	require(problem != nil && problem.Type == "urn:cxr-localizer:problem:unreadable-image", "the problem")

	models, err := client.ListModelsWithResponse(ctx)
	require(err == nil && models.JSON200.Models[0].Name == "cxr14-cells", "the model")
	fmt.Println("oapi-codegen: all of it holds")
}
