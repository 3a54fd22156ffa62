using System.Runtime.CompilerServices;

// all calls to the C library pass only what needs no marshalling, so that they are compiled ahead of time
[assembly: DisableRuntimeMarshalling]
