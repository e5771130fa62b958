using System.Text;
using Caller.Check;
using Caller.Wire;

namespace Caller.Tests.Check;

/// <summary>Observations made up for a check, with arrival times to the millisecond.</summary>
internal static class Seen
{
    public static Verdict Judge(string id, params Probe[] probes) => Judge(id, ServerCheck.Options, probes);

    public static Verdict Judge(string id, CheckOptions options, params Probe[] probes) =>
        CheckCatalogue.All.Single(check => check.Id == id).Judge(new Observations(options, new Uri("http://127.0.0.1/v1/chat/completions"), probes));

    /// <summary>An answer whose pieces arrive at the given milliseconds.</summary>
    public static Probe Answer(string name, int startedAt, int[] pieceAt, string said = "Hello", string piece = "word ") => new(name, ProbeKind.Turn, said, new Exchange
    {
        End = ExchangeEnd.Complete,
        Status = 200,
        Headers = new Dictionary<string, string> { ["content-type"] = "text/event-stream" },
        StartedAt = TimeSpan.FromMilliseconds(startedAt),
        EndedAfter = TimeSpan.FromMilliseconds(pieceAt[^1]),
        Frames = [.. pieceAt.Select(at => Frame.Create($$"""{"choices":[{"index":0,"delta":{"content":"{{piece}}"},"finish_reason":null}]}""", TimeSpan.FromMilliseconds(at)))],
    });

    /// <summary>An answer with the given event stream as its body.</summary>
    public static Probe Stream(string name, string body)
    {
        var reader = new FrameReader();
        var frames = reader.Push(Encoding.UTF8.GetBytes(body), TimeSpan.Zero).Concat(reader.Complete(TimeSpan.Zero)).ToList();
        return new Probe(name, ProbeKind.Turn, "Hello", new Exchange
        {
            End = ExchangeEnd.Complete,
            Status = 200,
            Headers = new Dictionary<string, string> { ["content-type"] = "text/event-stream" },
            Frames = frames,
            Defects = reader.Defects,
            Body = Encoding.UTF8.GetBytes(body),
        });
    }
}
