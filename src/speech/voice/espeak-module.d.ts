/** What we use of the package, which has no types of its own. */
declare module "@echogarden/espeak-ng-emscripten" {
  export interface EspeakWorker {
    /** 0 if chosen. By the name of a voice, or with an empty name by language. */
    set_voice(name: string, language?: string): number;
    set_rate(wordsPerMinute: number): void;
    set_pitch(pitch: number): void;
    get_samplerate(): number;
    list_voices(): { name: string; identifier: string; languages: { name: string; priority: number }[] }[];
    /** Calls back with each buffer of audio; `true` stops. */
    synthesize(text: string, callback: (audio: Int16Array, events: object[]) => boolean): void;
    /** Pointer to a zero-ended UTF-8 string. */
    convert_to_phonemes(text: string, ipa: boolean): { ptr: number };
  }
  export interface EspeakModule {
    /** Replaced by a larger one when the memory grows. */
    HEAPU8: Uint8Array;
    FS: {
      readdir(folder: string): string[];
      lookupPath(path: string): { node: { mode: number; contents: Uint8Array; usedBytes: number } };
      isDir(mode: number): boolean;
      unlink(path: string): void;
    };
    eSpeakNGWorker: new () => EspeakWorker;
  }
  const load: (options: {
    getPreloadedPackage: (name: string, size: number) => ArrayBuffer;
    print: (text: string) => void;
    printErr: (text: string) => void;
  }) => Promise<EspeakModule>;

  // biome-ignore lint/style/noDefaultExport: it is how the package exports it
  export default load;
}
