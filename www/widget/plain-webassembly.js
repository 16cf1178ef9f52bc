// Stands in for `WebAssembly` in the glue of the plain engine, which knows no other way to get an instance.
import instantiate from 'engine-plain';

class Module {}

class Instance {
  constructor(_module, imports) {
    this.exports = instantiate(imports);
  }
}

export const WebAssembly = { Module, Instance };
