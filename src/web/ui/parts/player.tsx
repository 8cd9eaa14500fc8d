import type { RefObject } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Peaks } from "../../api/shapes.ts";
import { get } from "../api.ts";
import { duration } from "../format.ts";
import { useLoaded } from "../load.ts";
import { Trouble } from "./bits.tsx";
import { Icon } from "./icon.tsx";
import { drawWaveform } from "./waveform.ts";

export type PlayerHandle = { playFrom(ms: number): void };

const skipSeconds = 5;

/** Plays a recording. Its sound is fetched when somebody listens and not before: listening is on record. */
export function Player({ path, handle }: { path: string; handle: RefObject<PlayerHandle | null> }) {
  const audio = useRef<HTMLAudioElement>(null);
  const [playing, setPlaying] = useState(false);
  const [atSeconds, setAt] = useState(0);
  const [failed, setFailed] = useState(false);
  const peaks = useLoaded(path, (signal, background) => get<Peaks>(`${path}/peaks?buckets=400`, signal, background));
  const lengthSeconds = peaks.kind === "loaded" ? peaks.value.durationMs / 1000 : 0;

  function seek(seconds: number): void {
    const target = Math.min(Math.max(0, seconds), lengthSeconds || Number.POSITIVE_INFINITY);
    setAt(target);
    if (audio.current) audio.current.currentTime = target;
  }
  function play(): void {
    setFailed(false);
    audio.current?.play().catch((error: unknown) => {
      if (!(error instanceof DOMException && error.name === "AbortError")) setFailed(true);
    });
  }
  useEffect(() => {
    handle.current = {
      playFrom(ms) {
        seek(ms / 1000);
        play();
      },
    };
  });
  return (
    <section class="player panel" aria-label="Recording">
      <button
        type="button"
        class="play"
        aria-label={playing ? "Pause" : "Play the recording"}
        onClick={() => (playing ? audio.current?.pause() : play())}
      >
        <Icon name={playing ? "pause" : "play"} />
      </button>
      <div class="player-wave">
        {peaks.kind === "loaded" && (
          <Waveform peaks={peaks.value} share={lengthSeconds ? atSeconds / lengthSeconds : 0} />
        )}
        <input
          type="range"
          min={0}
          max={lengthSeconds || 1}
          step={0.1}
          value={atSeconds}
          aria-label="Position"
          aria-valuetext={`${duration(atSeconds)} of ${duration(lengthSeconds)}`}
          onInput={(event) => seek(Number(event.currentTarget.value))}
          onKeyDown={(event) => {
            const step = { ArrowLeft: -skipSeconds, ArrowRight: skipSeconds }[event.key];
            if (step === undefined) return;
            event.preventDefault();
            seek(atSeconds + step);
          }}
        />
      </div>
      <span class="player-time">
        {duration(atSeconds)} / {duration(lengthSeconds)}
      </span>
      {/* biome-ignore lint/a11y/useMediaCaption: the conversation below is its transcript */}
      <audio
        ref={audio}
        preload="none"
        src={`/api${path}/recording`}
        onPlay={() => setPlaying(true)}
        onPause={() => setPlaying(false)}
        onEnded={() => setPlaying(false)}
        onTimeUpdate={(event) => setAt(event.currentTarget.currentTime)}
        onError={() => setFailed(true)}
      />
      {(failed || peaks.kind === "failed") && <Trouble message="The recording cannot be played." />}
    </section>
  );
}

function Waveform({ peaks, share }: { peaks: Peaks; share: number }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const element = canvas.current;
    if (element === null) return;
    const draw = () => drawWaveform(element, peaks, share);
    draw();
    const watcher = new ResizeObserver(draw);
    watcher.observe(element);
    return () => watcher.disconnect();
  }, [peaks, share]);
  return <canvas ref={canvas} />;
}
