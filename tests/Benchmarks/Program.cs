using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Benchmarks;

switch (args)
{
    case ["writer"]:
        BenchmarkRunner.Run<ChunkWriterBenchmarks>(InProcess());
        return 0;
    case ["upstream"]:
        BenchmarkRunner.Run<UpstreamBenchmarks>(InProcess());
        return 0;
    case ["streams"]:
        await OpenStreams.RunAsync();
        return 0;
    case ["coldstart", var root]:
        await ColdStart.RunAsync(root);
        return 0;
    default:
        Console.Error.WriteLine("usage: Benchmarks writer | upstream | streams | coldstart REPOSITORY");
        return 2;
}

// In this process: the projects that BenchmarkDotNet would generate are not ours to hold to our warnings.
static IConfig InProcess() => DefaultConfig.Instance.AddJob(Job.Default.WithToolchain(InProcessEmitToolchain.Instance));
