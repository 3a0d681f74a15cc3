/** What the kernels' AssemblyScript is compiled with, by the build and by the bench that compiles them with another threshold. */
export const assemblyFlags = [
  "--runtime", "stub",
  "-O3", "--converge", "--noAssert",
  "--importMemory", "--sharedMemory", "--initialMemory", "16", "--maximumMemory", "65536",
  "--enable", "threads", "--enable", "simd",
  "--disableWarning", "112", // "v128 is not supported by all embeddings": only other functions of the module call the one it names
] as const;
