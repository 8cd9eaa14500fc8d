/**
 * The package brings types, but its `exports` hide them. Its interface is better-sqlite3's, and `key`; it takes the
 * loaded addon as well as a path to it.
 */
declare module "better-sqlite3-multiple-ciphers" {
  import type Base from "better-sqlite3";

  export interface Database extends Base.Database {
    key(key: Buffer): number;
  }
  class SqliteError extends Error {
    code: string;
    constructor(message: string, code: string);
  }
  type Constructor = {
    new (path: string, options: { nativeBinding: object; timeout: number }): Database;
    SqliteError: typeof SqliteError;
  };
  const Sqlite: Constructor;

  // biome-ignore lint/style/noDefaultExport: the package has no other
  export { Sqlite as default };
}
