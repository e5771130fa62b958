using BenchmarkDotNet.Running;
using Benchmarks;

BenchmarkSwitcher.FromAssembly(typeof(SpokenTextBenchmarks).Assembly).Run(args);
