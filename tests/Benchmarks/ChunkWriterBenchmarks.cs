using System.Buffers;
using BenchmarkDotNet.Attributes;
using Switchboard.Contract;

namespace Benchmarks;

/// <summary>What one content chunk costs in the writer itself.</summary>
[MemoryDiagnoser]
public class ChunkWriterBenchmarks
{
    private readonly ArrayBufferWriter<byte> _output = new(64 * 1024);
    private ChunkWriter _chunks = null!;

    /// <summary>A word of English, one Chinese character, and a piece that needs escapes.</summary>
    [Params("word ", "你", "\"a\"\n")]
    public string Piece { get; set; } = "";

    [GlobalSetup]
    public void Setup() => _chunks = new ChunkWriter(_output, CompletionHead.Create("demo", TimeProvider.System), withUsage: false, AnswerForm.Plain);

    [GlobalCleanup]
    public void Cleanup() => _chunks.Dispose();

    [Benchmark]
    public int WriteContent()
    {
        _output.ResetWrittenCount();
        _chunks.WriteContent(Piece);
        return _output.WrittenCount;
    }
}
