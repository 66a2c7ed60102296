/** How JSON goes down one level, and comes up again. */
const LEVELS = [
  ['[', ']'],
  ['{"a":', '}'],
] as const;

/** JSON that is as deep as so many bytes can make it: whole, and cut off at its deepest place. */
export function deepJson(bytes: number): string[] {
  return LEVELS.flatMap(([down, up]) => {
    const depth = Math.floor((bytes - 1) / (down.length + up.length));
    return [`${down.repeat(depth)}1${up.repeat(depth)}`, down.repeat(Math.floor(bytes / down.length))];
  });
}
