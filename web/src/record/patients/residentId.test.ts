import { describe, expect, it } from "vitest";
import { readId } from "./residentId.ts";

const TODAY = "2026-11-23";

describe("the resident ID as it is typed", () => {
  it("says birth date and sex of P1", () => {
    expect(readId("990101195803120035", TODAY)).toEqual({
      at: "good",
      id: { value: "990101195803120035", birthDate: "1958-03-12", sex: "male" },
    });
  });
  it("takes spaces, full-width digits and a small x", () => {
    const read = readId(" ９90101 19580312 0035 ", TODAY);
    expect(read.at).toBe("good");
  });
  it("counts what is left while somebody types", () => {
    expect(readId("990101", TODAY)).toEqual({ at: "typing", left: 12 });
  });
  it("names a wrong last character", () => {
    expect(readId("990101195803120034", TODAY)).toEqual({ at: "wrong", fault: "ID_CHECKSUM" });
  });
  it("names a day that does not exist, and one that has not come", () => {
    expect(readId("990101195802300035", TODAY)).toEqual({ at: "wrong", fault: "ID_DATE" });
    expect(readId("990101203003120035", TODAY)).toEqual({ at: "wrong", fault: "ID_DATE" });
  });
  it("refuses letters in the middle", () => {
    expect(readId("99010119X8", TODAY)).toEqual({ at: "wrong", fault: "ID_FORMAT" });
  });
});
