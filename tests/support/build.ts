import { execa } from "execa";

/** The tests run the real binary, so it must be built from the sources that are being tested. */
export default async function build(): Promise<void> {
  await execa("npx", ["tsc", "-p", "tsconfig.build.json"], {
    cwd: new URL("../..", import.meta.url),
    preferLocal: true,
  });
}
