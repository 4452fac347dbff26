import { Command } from "commander";
import { positiveNumber } from "../arguments.ts";
import type { CommandDefinition } from "../context.ts";
import type { MatrixOptions } from "../command-options.ts";
import { STACK_HELP } from "../run-options.ts";

const EXAMPLES = `
Examples:
  lockbench matrix                        from the runs that are kept
  lockbench matrix --run --repeat 20      run each cell that has fewer than 20
  lockbench matrix ./my-matrix.yaml > matrix.md
  lockbench matrix --short                the table alone

Exit 0 only if every cell was seen as expected; 1 if one was seen otherwise,
4 if nothing proves one.`;

export function matrixCommand(): CommandDefinition<MatrixOptions> {
  return {
    command: new Command("matrix")
      .description("which lock holds under which fault: what is promised, expected, and was seen in stored runs")
      .argument("[file]", "a matrix file; the bundled scenarios/matrix.yaml if left out")
      .option("--run", "first run every cell that has too few runs")
      .option("--repeat <k>", "with --run: how many runs a cell must have", positiveNumber, 3)
      .option("--all", "count the runs of other versions of lockbench as well")
      .option("--short", "the table alone, without what is promised and expected")
      .option("--stack <kind>", STACK_HELP, "auto")
      .option("--json", "the cells as JSON on stdout and nothing else")
      .addHelpText("after", EXAMPLES),
    async run(context, operands, options) {
      const { showMatrix } = await import("../matrix.ts");
      return showMatrix(context, operands[0], options);
    },
  };
}
