/** The written parts of an opinion, in the order of the form (远程会诊意见书). */
export const SECTIONS = ["findings", "diagnosis", "differential", "further_tests", "treatment", "limits"] as const;
