/** A model file that is not what it should be. Readers throw it; model.ts turns it into an AppError that names the file. */
export class MalformedFile extends Error {
  override readonly name = "MalformedFile";
}
