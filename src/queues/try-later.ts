/** Thrown by a handler whose job is to run again soon, through no fault of the job: the try is not counted. */
export class TryLater extends Error {
  override name = "TryLater";
}
