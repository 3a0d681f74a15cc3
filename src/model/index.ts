/**
 * Everything that touches a trained model and what comes out of it: ONNX files (inspect, cut, run, replace the head),
 * images (list, decode, preprocess), feature extraction, and the feature and head files on disk.
 * Knows nothing of labels or of the method; the inference runtime and the image decoder are loaded on first use.
 */
export { buildModel } from "./onnx/build.ts";
export type { AttributeValue, ConstantTensor, InnerGraph, ModelDeclaration, NodeDeclaration, TensorDeclaration } from "./onnx/build.ts";
export { decodeImage, examinePicture, pixelLimit, smallPicture, thumbnailSides } from "./images/decode-image.ts";
export type { DecodeFailure, ExaminedPicture, SkipReason } from "./images/decode-image.ts";
export { listImages } from "./images/list-images.ts";
export type { ImageFile } from "./images/list-images.ts";
export { channelCount, channelOrders, checkPreprocessing, describePreprocessing, imagenetPreprocessing, interpolations, pixelsPerImage, resizeModes } from "./images/preprocessing.ts";
export type { ChannelOrder, Interpolation, Preprocessing, ResizeMode, Triple } from "./images/preprocessing.ts";
export { preprocessingFile, resolvePreprocessing, writePreprocessing } from "./images/resolve-preprocessing.ts";
export type { PreprocessingOrigin, PreprocessingQuestion, ResolvedPreprocessing } from "./images/resolve-preprocessing.ts";
export { extractFeatures, pictureFeatures } from "./extract.ts";
export type { ExtractRequest, FeatureBatch, ListedPicture, PixelRunner, SkippedImage } from "./extract.ts";
export { Extractor } from "./lanes/index.ts";
export type { ExtractorOptions } from "./lanes/index.ts";
export * from "./files/index.ts";
export { defaultScattering, scatteringColumns, scatteringModel, scatteringPreprocessing } from "./scattering/scattering-model.ts";
export type { ScatteringOptions } from "./scattering/scattering-model.ts";
export { inspectModel, readModelHead } from "./onnx/inspect-model.ts";
export type { HeadChoice, InspectedHead, InspectedTensor, ModelInspection } from "./onnx/inspect-model.ts";
export { openBackbone, openClassifier } from "./onnx/open-model.ts";
export { weightFiles } from "./onnx/weight-files.ts";
export type { Backbone, Classifier, ModelInput, OpenOptions } from "./onnx/open-model.ts";
export { writeModelHead } from "./onnx/write-model-head.ts";
export type { ModelHead, WriteModelHeadRequest, WrittenModel } from "./onnx/write-model-head.ts";
export type { LinearKind } from "./onnx/layer-form.ts";
