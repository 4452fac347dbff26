// A vitest reporter: leaves the counts, and every skipped test with its reason, where .ci/run repeats them at its end.
import { readFileSync, writeFileSync } from "node:fs";

/** Names of tests that may be skipped where the machine lacks what they need; `#` starts a comment. */
const allowed = readFileSync(new URL("allowed-skips.txt", import.meta.url), "utf8")
  .split("\n")
  .map((line) => line.replace(/#.*/, "").trim())
  .filter((line) => line !== "");

/** The errors of one test, shortened: the whole of them stands further up in the output. */
const reason = (errors) =>
  (errors ?? [])
    .map(({ message, stacks }) => {
      const place = stacks?.[0] === undefined ? "" : `\n(${stacks[0].file}:${String(stacks[0].line)})`;
      return `${String(message).slice(0, 1500)}${place}`.replace(/^/gm, "    ");
    })
    .join("\n");

export default class SummaryReporter {
  onTestRunEnd(modules, unhandledErrors) {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const inState = (state) => tests.filter((test) => test.result().state === state);
    // A file that cannot even be loaded has no tests, and must count all the same.
    const broken = modules.filter((module) => module.errors().length > 0).length + unhandledErrors.length;
    const skipped = inState("skipped");
    const unexpected = skipped.filter((test) => !allowed.includes(test.fullName));
    const lost = [...inState("failed"), ...inState("pending")];
    const failed = lost.length + broken;

    const lines = [
      // Whoever reads only the end of a long build must see what failed there, and why.
      ...lost.map(
        (test) => `failed: ${test.module.relativeModuleId} > ${test.fullName}\n${reason(test.result().errors)}`,
      ),
      ...modules.flatMap((module) =>
        module.errors().length > 0 ? [`failed: ${module.relativeModuleId}\n${reason(module.errors())}`] : [],
      ),
      ...(unhandledErrors.length > 0 ? [`failed: outside every test\n${reason(unhandledErrors)}`] : []),
      ...skipped.map((test) => `skipped: ${test.fullName} (${test.result().note ?? "no reason given"})`),
      ...unexpected.map((test) => `unexpected skip: ${test.fullName} is not in .ci/allowed-skips.txt`),
      `${inState("passed").length} passed, ${failed} failed, ${skipped.length} skipped`,
    ];
    if (process.env.TEST_SUMMARY !== undefined) writeFileSync(process.env.TEST_SUMMARY, `${lines.join("\n")}\n`);
    if (unexpected.length > 0) process.exitCode = 1;
  }
}
