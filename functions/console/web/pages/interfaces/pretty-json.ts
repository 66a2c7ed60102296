/** Levels that are indented; deeper ones stand at the last of them, so that hostile nesting costs nothing. */
const INDENT_MAX = 30;

/**
 * JSON text with line breaks and indents, for people. It is handled as text and never parsed: numbers beyond 2^53, escapes,
 * repeated members and the order of members stay as they came. undefined where the text is no JSON object or array as
 * a whole: it is then shown as it is.
 */
export function prettyJson(text: string): string | undefined {
  const trimmed = text.trim();
  if (!/^[[{]/.test(trimmed)) return undefined;
  const open: string[] = [];
  const out: string[] = [];
  const newLine = (): number => out.push('\n', '  '.repeat(Math.min(open.length, INDENT_MAX)));
  // Strings, signs and what stands between them; each is copied as it is.
  for (const [token] of trimmed.matchAll(/"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\],:]|[^\s{}[\],:"]+|"/gs)) {
    if (out.length > 0 && open.length === 0) return undefined;
    switch (token) {
      case '"':
        return undefined;
      case '{':
      case '[':
        open.push(token);
        out.push(token);
        newLine();
        break;
      case '}':
      case ']':
        if (open.pop() !== (token === '}' ? '{' : '[')) return undefined;
        if (isJustOpened(out)) out.splice(-2);
        else newLine();
        out.push(token);
        break;
      case ',':
        out.push(token);
        newLine();
        break;
      case ':':
        out.push(': ');
        break;
      default:
        out.push(token);
    }
  }
  return open.length === 0 ? out.join('') : undefined;
}

/** Whether the last sign opened an object or array; its line break and indent stand behind it. */
function isJustOpened(out: readonly string[]): boolean {
  const sign = out.at(-3);
  return out.at(-2) === '\n' && (sign === '{' || sign === '[');
}
