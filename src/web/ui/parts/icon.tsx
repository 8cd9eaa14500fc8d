/** Drawn here, so that nothing is fetched: 24 × 24, strokes in the text's colour. */
const paths = {
  gate: "M4 21V7h3v2.5h2V7h6v2.5h2V7h3v14h-4.5v-4a3.5 3.5 0 0 0-7 0v4z",
  live: "M12 13.5a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3M8.1 15.9a5.5 5.5 0 0 1 0-7.8m7.8 0a5.5 5.5 0 0 1 0 7.8M5.3 18.7a9.5 9.5 0 0 1 0-13.4m13.4 0a9.5 9.5 0 0 1 0 13.4",
  calls: "M5 4h3.5l1.8 4.4-2.2 1.5a12 12 0 0 0 6 6l1.5-2.2 4.4 1.8V19a2 2 0 0 1-2.1 2A16 16 0 0 1 3 6.1 2 2 0 0 1 5 4z",
  diary:
    "M4 6.5A1.5 1.5 0 0 1 5.500 5h13A1.5 1.5 0 0 1 20 6.500v12a1.500 1.500 0 0 1-1.500 1.500h-13A1.500 1.500 0 0 1 4 18.500zM4 10h16M8 3v4m8-4v4",
  system: "M4 5h16v6H4zm0 8h16v6H4zm3.500-5h.01M7.500 16h.01",
  person: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zm-8 8a8 8 0 0 1 16 0",
  people:
    "M9 11.5a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7zm-6.500 8a6.500 6.500 0 0 1 13 0M16 4.800a3.500 3.500 0 0 1 0 6.400m2.500 2.600a6.500 6.500 0 0 1 3 5.700",
  leave: "M14 4h4.500A1.500 1.500 0 0 1 20 5.500v13a1.500 1.500 0 0 1-1.500 1.500H14M10 8l-4 4 4 4m-4-4h9",
  back: "M15 5l-7 7 7 7",
  forward: "M9 5l7 7-7 7",
  speech: "M4 10v4h3.500l4.500 4V6l-4.500 4zM15.500 9a4 4 0 0 1 0 6m2.500-8.500a7.500 7.500 0 0 1 0 11",
  check: "M5 12.500l4.500 4.500L19 7.500",
  play: "M7 5l12 7-12 7z",
  pause: "M8 5v14M16 5v14",
  home: "M4 11l8-7 8 7v9h-5.500v-6h-5v6H4z",
  clock: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zm0-14v5l3.500 2",
  note: "M5 4h14v11l-5 5H5zm14 11h-5v5M8.500 9h7m-7 4h4",
  alert: "M12 4l9 16H3zm0 6v4.500m0 2.500h.01",
  close: "M6 6l12 12M18 6L6 18",
} as const;

export type IconName = keyof typeof paths;

/** Decoration only: what it means is always also said in words. */
export function Icon({ name }: { name: IconName }) {
  const filled = name === "gate" || name === "play";
  return (
    <svg class={`icon${filled ? " is-filled" : ""}`} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={paths[name]} />
    </svg>
  );
}
