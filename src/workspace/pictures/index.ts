/** Pictures of a workspace: in from files, folders and archives; on disk by their content. */
export { groupOf, type GroupRule } from "./groups.ts";
export { incomingFiles, incomingFolder, tidyName, type IncomingPicture, type IncomingPictures } from "./incoming.ts";
export { PictureFiles, type PictureAddress, type PictureContent } from "./picture-files.ts";
export { takeIn, type PictureProblem, type TakeInOptions, type TakenIn } from "./take-in.ts";
export { incomingZip } from "./zip.ts";
