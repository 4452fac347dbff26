import fc from "fast-check";
import { expect, test } from "vitest";
import { sortedOrder } from "../../src/domain/sorted-order.ts";
import { peakOverlap, percentile } from "../../src/domain/statistics.ts";
import { UnitTimeline } from "../../src/domain/unit-timeline.ts";

const small = fc.integer({ min: 0, max: 12 });

test("the peak in flight is the most intervals around any one send", () => {
  const interval = fc.record({ sent: small, took: fc.option(fc.nat(6), { nil: Number.NaN }) });
  fc.assert(
    fc.property(fc.array(interval, { maxLength: 12 }), (drawn) => {
      const open = (now: number): number =>
        drawn.filter(({ sent, took }) => sent <= now && (Number.isNaN(took) || sent + took > now)).length;
      const starts = Float64Array.from(drawn, ({ sent }) => sent).sort();
      const ends = Float64Array.from(drawn, ({ sent, took }) => sent + took).sort();
      expect(peakOverlap(starts, ends)).toBe(Math.max(0, ...drawn.map(({ sent }) => open(sent))));
    }),
    { numRuns: 2000 },
  );
});

test("a percentile is the smallest sample that so many percent do not exceed", () => {
  const samples = fc.array(small, { minLength: 1, maxLength: 250, size: "max" });
  fc.assert(
    fc.property(samples, fc.integer({ min: 1, max: 100 }), (drawn, percent) => {
      const sorted = Float64Array.from(drawn).sort();
      const smallest = drawn.filter(
        (value) => drawn.filter((other) => other <= value).length * 100 >= percent * drawn.length,
      );
      expect(percentile(sorted, percent)).toBe(Math.min(...smallest));
    }),
  );
});

test("no samples have no percentile", () => {
  expect(percentile(new Float64Array(0), 50)).toBeNaN();
});

test("the order of few and of many keys is the stable order, with negative, equal and fractional keys among them", () => {
  const key = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.double({ min: -1e12, max: 1e12, noNaN: true }));
  fc.assert(
    fc.property(fc.array(key, { maxLength: 40, size: "max" }), fc.constantFrom(1, 600), (drawn, repeats) => {
      const keys = Float64Array.from(Array.from({ length: repeats }, () => drawn).flat());
      const naive = [...keys.keys()].sort((a, b) => (keys[a] ?? 0) - (keys[b] ?? 0) || a - b);
      expect([...sortedOrder(keys)]).toEqual(naive);
    }),
    { numRuns: 60 },
  );
});

test("a timeline sums what lies before and after a moment, product by product", () => {
  const moment = fc.record({ product: fc.nat(2), time: small, units: fc.integer({ min: 1, max: 3 }) });
  fc.assert(
    fc.property(fc.array(moment, { maxLength: 15 }), fc.nat(3), small, (drawn, product, now) => {
      const timeline = UnitTimeline.of(3, (add) => {
        for (const { product: of, time, units } of drawn) add(of, time, units);
      });
      const sum = (chosen: (time: number) => boolean): number =>
        drawn.reduce((total, each) => total + (each.product === product && chosen(each.time) ? each.units : 0), 0);
      expect(timeline.unitsBefore(product, now)).toBe(sum((time) => time < now));
      expect(timeline.unitsUpTo(product, now)).toBe(sum((time) => time <= now));
      expect(timeline.unitsAfter(product, now)).toBe(sum((time) => time > now));
    }),
  );
});
