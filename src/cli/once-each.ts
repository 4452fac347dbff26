/**
 * Tells each line once of each subject: a command that repeats its runs would else say the same after every one.
 * @returns takes a line and what it is about
 */
export function onceEach(tell: (line: string) => void): (line: string, about: string) => void {
  const told = new Set<string>();
  return (line, about) => {
    const both = `${about}: ${line}`;
    if (told.has(both)) return;
    told.add(both);
    tell(line);
  };
}
