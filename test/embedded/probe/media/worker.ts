import { probabilityOfSilence } from "../silero.ts";

declare const self: Worker;

self.onmessage = async ({ data }: MessageEvent<string>) => postMessage(await probabilityOfSilence(data));
