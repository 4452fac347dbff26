const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u;
const INVISIBLE = /\p{Mn}|\p{Me}|\p{Cf}/u;

/** Columns that a text without control characters takes on a terminal. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const character of text) width += widthOf(character);
  return width;
}

function widthOf(character: string): number {
  if (character <= "~") return 1;
  if (INVISIBLE.test(character)) return 0;
  return WIDE.test(character) ? 2 : 1;
}

/**
 * A shop's words on the terminal: control characters become visible, because
 * evidence is data from outside and must not move the cursor or change colours.
 */
export function visible(text: string): string {
  return text.replace(/\p{Cc}|[\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu, (character) => {
    if (character === "\t") return " ";
    const code = character.codePointAt(0) ?? 0;
    return `\\u${code.toString(16).padStart(4, "0")}`;
  });
}

/** Breaks a text into lines of at most so many columns: at spaces, else within a word. Newlines are kept. */
export function wrap(text: string, columns: number): string[] {
  const room = Math.max(2, columns);
  return text.split(/\r?\n/).flatMap((line) => wrapLine(visible(line), room));
}

function wrapLine(line: string, room: number): string[] {
  const lines: string[] = [];
  let current = "";
  for (const word of line.split(" ").flatMap((whole) => pieces(whole, room))) {
    const longer = current === "" ? word : `${current} ${word}`;
    if (displayWidth(longer) <= room) {
      current = longer;
    } else {
      lines.push(current);
      current = word;
    }
  }
  return [...lines, current];
}

/** A word as it is when it fits, else cut into lines' worths. */
function pieces(word: string, room: number): string[] {
  if (displayWidth(word) <= room) return [word];
  const parts: string[] = [];
  let part = "";
  for (const character of word) {
    if (displayWidth(part) + widthOf(character) > room) {
      const cut = seam(part);
      parts.push(part.slice(0, cut));
      part = part.slice(cut);
    }
    part += character;
  }
  return [...parts, part];
}

/** Where to cut a name: behind its last _ or -, unless that leaves half of the line empty. */
function seam(part: string): number {
  const last = Math.max(part.lastIndexOf("_"), part.lastIndexOf("-")) + 1;
  return last > part.length / 2 ? last : part.length;
}

/** A text cut to so many columns, with an ellipsis where something is missing. */
export function truncate(text: string, columns: number): string {
  if (displayWidth(text) <= columns) return text;
  let kept = "";
  let width = 0;
  for (const character of text) {
    width += widthOf(character);
    if (width > columns - 1) break;
    kept += character;
  }
  return columns < 1 ? "" : `${kept}…`;
}
