/** Thrown inside this folder where the files of a model are not what they should be; convert.ts turns it into a value. */
export class InvalidModel extends Error {}
