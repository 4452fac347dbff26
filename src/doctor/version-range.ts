type Version = readonly [number, number, number];

/** True when a version such as `v20.19.1` fits a range made of `^x.y.z`, `>=x` and `||`, which is all that `engines` uses here. */
export function satisfies(version: string, range: string): boolean {
  const found = parse(version);
  return range.split("||").some((part) => fitsOne(found, part.trim()));
}

function fitsOne(found: Version, range: string): boolean {
  const least = parse(range);
  const isEnough = compare(found, least) >= 0;
  return range.startsWith("^") ? isEnough && found[0] === least[0] : isEnough;
}

function parse(text: string): Version {
  const [major = 0, minor = 0, patch = 0] = text
    .replace(/^[^\d]*/, "")
    .split(".")
    .map((part) => Number.parseInt(part, 10));
  return [major, minor, patch];
}

function compare(one: Version, other: Version): number {
  return one[0] - other[0] || one[1] - other[1] || one[2] - other[2];
}
