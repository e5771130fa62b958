using System.Globalization;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Benchmarks;
using Benchmarks.Gateways;
using Benchmarks.Workers;

switch (args)
{
    case ["writer"]:
        BenchmarkRunner.Run<ChunkWriterBenchmarks>(InProcess());
        return 0;
    case ["upstream"]:
        BenchmarkRunner.Run<UpstreamBenchmarks>(InProcess());
        return 0;
    case ["spoken"]:
        BenchmarkRunner.Run<SpokenTextBenchmarks>(InProcess());
        return 0;
    case ["dialects"]:
        BenchmarkRunner.Run<DialectBenchmarks>(InProcess());
        return 0;
    case ["transcripts"]:
        BenchmarkRunner.Run<TranscriptBenchmarks>(InProcess());
        return 0;
    case ["transcripts", var root]:
        await StoredTurns.RunAsync(root, other: null);
        return 0;
    case ["transcripts", var root, var other]:
        await StoredTurns.RunAsync(root, other);
        return 0;
    case ["overview", var root, .. var more]:
        await DayOverviewReading.RunAsync(root, more is [var calls, ..] ? int.Parse(calls, CultureInfo.InvariantCulture) : 2000, more is [_, var turns] ? int.Parse(turns, CultureInfo.InvariantCulture) : 8);
        return 0;
    case ["streams"]:
        await OpenStreams.RunAsync();
        return 0;
    case ["coldstart", var root]:
        await ColdStart.RunAsync(root);
        return 0;
    case ["gateway", var root]:
        return await GatewayComparison.RunAsync(root);
    case ["gateway", _, var part]:
        return await GatewayComparison.RunPartAsync(part);
    case ["worker", var root]:
        await WorkerComparison.RunAsync(root);
        return 0;
    case ["yarp", var port, var upstream]:
        // What "gateway" starts, in processes of their own.
        await BareForwarder.RunAsync(int.Parse(port, CultureInfo.InvariantCulture), upstream);
        return 0;
    case ["canned", var port]:
        await CannedUpstream.RunAsync(int.Parse(port, CultureInfo.InvariantCulture));
        return 0;
    default:
        Console.Error.WriteLine("usage: Benchmarks writer | upstream | spoken | dialects | transcripts [REPOSITORY [FOLDER_OF_ANOTHER_LOCALHOST]] | overview REPOSITORY [CALLS [TURNS]] | streams | coldstart REPOSITORY | gateway REPOSITORY [paced | unpaced | memory] | worker REPOSITORY");
        return 2;
}

// In this process: the projects that BenchmarkDotNet would generate are not ours to hold to our warnings.
static IConfig InProcess() => DefaultConfig.Instance.AddJob(Job.Default.WithToolchain(InProcessEmitToolchain.Instance));
