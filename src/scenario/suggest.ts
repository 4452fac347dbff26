export { didYouMean } from "../host/suggest.ts";
