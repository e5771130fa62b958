using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.AI;
using Switchboard.Contract;
using Switchboard.Transcripts;
using Switchboard.Turn;

namespace Benchmarks;

/// <summary>What transcripts cost a turn before its record waits to be stored: taking down an answer of so many pieces, and making the record.</summary>
[MemoryDiagnoser]
public class TranscriptBenchmarks
{
    private readonly ChatMessage _heard = new(ChatRole.User, "When is breakfast served, and can I have it in my room?");
    private readonly TurnNotes _notes = new();

    /// <summary>The pieces of the answer, each of 5 characters and sent by itself.</summary>
    [Params(20, 200)]
    public int Pieces { get; set; }

    [Benchmark]
    public object Record()
    {
        var turn = new TurnRecord(TimeProvider.System) { Call = new CallContext { InstanceId = "68e00b6640e3943332fee7", ChannelId = "123", SentenceId = "3" }, Responder = "upstream" };
        var recording = new TurnRecording(_heard, _notes);
        for (var piece = 0; piece < Pieces; piece++)
        {
            recording.Write("word ");
            recording.MarkSent();
        }

        return recording.Finish(turn.ToTranscript(), Redaction.None, mask: null, out _);
    }
}
