using Microsoft.Extensions.Logging;
using Switchboard.Upstream;

namespace Switchboard.Tests.Resilience;

/// <summary>The table of docs/faults.md, each row by an upstream that has the failure.</summary>
public sealed class FaultTableTests
{
    private const int Limit = 60_000;
    private const string Other = "Other ";

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Stall = TimeSpan.FromSeconds(7);
    private static readonly TimeSpan Tail = UpstreamAnswer.MaxTail;
    // Below the stall, which moving the clock might otherwise cause between two pieces.
    private static readonly TimeSpan TurnTimeout = TimeSpan.FromSeconds(5);

    public static TheoryData<string> Names => [.. FaultTable.Rows.Select(row => row.Name)];

    // Whether the answer is streamed does not show in when something was said, so of these only the end can be awaited.
    public static TheoryData<string> NamesWithoutStream =>
        [.. FaultTable.Rows.Where(row => row.Time is FaultTime.AtOnce or FaultTime.FirstSpeech).Select(row => row.Name)];

    [Theory(Timeout = Limit)]
    [MemberData(nameof(Names))]
    public async Task Post_UpstreamAlone_IsAnsweredAsTheTableSays(string name)
    {
        var (row, answer, log) = await RunAsync(name).WaitAsync(TestContext.Current.CancellationToken);

        AssertHeard(row, answer, "", row.Code);
        AssertTurn(log, row.IsFailure ? "failed" : "completed", CodeOf(row), row.Heard.Length > 0 ? WordAt(row) : null, OverAt(row));
    }

    [Theory(Timeout = Limit)]
    [MemberData(nameof(Names))]
    public async Task Post_WithApology_SaysItInPlaceOfTheFault(string name)
    {
        var (row, answer, log) = await RunAsync(name, withApology: true).WaitAsync(TestContext.Current.CancellationToken);

        var apology = !row.IsFailure ? "" : row.Heard.Length > 0 && !row.Heard.EndsWith(' ') ? $" {TurnRig.Apology}" : TurnRig.Apology;
        AssertHeard(row, answer, apology, null);
        AssertTurn(log, row.IsFailure ? "apologised" : "completed", CodeOf(row), row.Heard.Length > 0 ? WordAt(row) : row.IsFailure ? OverAt(row) : null, OverAt(row));
    }

    [Theory(Timeout = Limit)]
    [MemberData(nameof(Names))]
    public async Task Post_WithAnotherUpstream_AsksItWhereTheTableSaysSo(string name)
    {
        var (row, answer, log) = await RunAsync(name, withOther: true).WaitAsync(TestContext.Current.CancellationToken);

        if (row.FailsOver)
        {
            answer.AssertSays($"{Other}{Other}");
            AssertTurn(log, "completed", null, OverAt(row), OverAt(row));
        }
        else
        {
            AssertHeard(row, answer, "", row.Code);
        }
    }

    [Theory(Timeout = Limit)]
    [MemberData(nameof(NamesWithoutStream))]
    public async Task Post_NotStreamed_IsAnsweredAsTheTableSays(string name)
    {
        var (row, answer, log) = await RunAsync(name, stream: false).WaitAsync(TestContext.Current.CancellationToken);

        // Nothing is sent before the whole answer is there, so a failure in its middle is a status, too.
        AssertHeard(row with { Heard = row.Code is null ? row.Heard : "" }, answer, "", row.Code);
        AssertTurn(log, row.IsFailure ? "failed" : "completed", CodeOf(row), null, OverAt(row));
    }

    // The client is not told of an answer that fell silent; the operator is.
    private static string? CodeOf(FaultRow row) => row.Code ?? (row.IsFailure ? "upstream_timeout" : null);

    [Fact]
    public void Documentation_TheTable_IsThisOne()
    {
        var documented = File.ReadLines(Repository.PathOf("docs/faults.md")).Where(line => line.StartsWith("| ", StringComparison.Ordinal)).Skip(2);

        Assert.Equal(FaultTable.Rows.Select(row => row.Markdown), documented);
    }

    private static async Task<(FaultRow Row, Answer Answer, TurnLine Log)> RunAsync(string name, bool withApology = false, bool withOther = false, bool stream = true)
    {
        var row = FaultTable.Rows.Single(candidate => candidate.Name == name);
        var goOn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var upstream = row.Start(goOn.Task);
        await using var other = FaultyUpstream.Start(Failures.Answer(Other, Other));
        await using var rig = await TurnRig.StartAsync(
            withOther ? [upstream, other] : [upstream],
            ("FirstSpeech:Deadline", $"{Deadline}"),
            ("StallTimeout", $"{Stall}"),
            ("/Limits:TurnTimeout", $"{(row.Time is FaultTime.Turn ? TurnTimeout : TimeSpan.FromMinutes(1))}"),
            ("/Limits:KeepAlive", "00:03:00"),
            ("Apology", withApology ? TurnRig.Apology : ""));

        var posting = rig.PostAsync(stream, more: row.Call is { } call ? $$$""","tools":[{"type":"function","function":{"name":"{{{call.Name}}}"}}]""" : "");
        var answer = await ReadAsync(rig, row, upstream, posting, goOn);

        await rig.Host.WaitForTurnEndAsync("voice");
        rig.AssertNothingSecretIsLogged();
        AssertLogged(rig, row, upstream, hasOther: withOther && row.FailsOver);
        Assert.Equal(withOther && row.FailsOver ? 1 : 0, TurnRig.Asked(other));
        // A kept connection that broke before an answer is no asking.
        Assert.InRange(TurnRig.Asked(upstream), 0, row.Logged is "could not be reached" ? 2 : row.MostAsked);
        return (row, answer, TurnLine.Of(rig.Host));
    }

    private static async Task<Answer> ReadAsync(TurnRig rig, FaultRow row, FaultyUpstream upstream, Task<HttpResponseMessage> posting, TaskCompletionSource goOn)
    {
        if (row.Time is FaultTime.FirstSpeech)
        {
            await TurnRig.NextTurnAsync(upstream);
            rig.Advance(Deadline, before: () => Assert.False(posting.IsCompleted));
        }
        else if (row.Time is FaultTime.WhenItGoesOn)
        {
            await TurnRig.NextTurnAsync(upstream);
            goOn.SetResult();
        }

        using var reader = await AnswerReader.OpenAsync(posting);
        if (row.Time is FaultTime.Stall)
        {
            await reader.ReadTextAsync(row.Heard);
            rig.Advance(Stall);
        }
        else if (row.Time is FaultTime.Tail)
        {
            await reader.ReadTextAsync(row.Heard);
            await rig.Time.WaitForChangeAsync(Tail, TestContext.Current.CancellationToken);
            rig.Advance(Tail);
        }
        else if (row.Time is FaultTime.Turn)
        {
            await reader.ReadTextAsync(1000);
            rig.Advance(TurnTimeout);
        }

        return await reader.ReadToEndAsync();
    }

    private static void AssertHeard(FaultRow row, Answer answer, string apology, string? code)
    {
        if (row.GoesOn)
        {
            Assert.StartsWith(row.Heard, answer.Text, StringComparison.Ordinal);
            Assert.EndsWith(apology, answer.Text, StringComparison.Ordinal);
            answer = answer with { Text = row.Heard + apology };
        }

        if (code is null)
        {
            answer.AssertSays(row.Heard + apology, row.Call is null ? "stop" : "tool_calls");
        }
        else
        {
            answer.AssertFails(code, row.Heard);
        }

        Assert.Equal(row.Call is { } call ? [call] : [], answer.Calls);
    }

    private static void AssertLogged(TurnRig rig, FaultRow row, FaultyUpstream upstream, bool hasOther)
    {
        var failures = rig.Logged(101);
        if (!row.IsFailure || hasOther)
        {
            Assert.True(failures.Count == 0, string.Join('\n', failures));
        }
        else
        {
            Assert.Contains(row.Logged!, Assert.Single(failures), StringComparison.Ordinal);
            Assert.Contains(rig.Host.Logs.GetSnapshot(), line => line.Id.Id == 101 && line.Level == LogLevel.Error);
        }

        // An attempt that gave no answer has a line of its own, which says whose it was.
        var attempts = rig.Logged(110);
        if (row.IsFailure && row.Heard.Length == 0)
        {
            Assert.Contains($"{upstream.BaseUrl.Authority} gave no answer: ", Assert.Single(attempts), StringComparison.Ordinal);
            Assert.Contains(row.Logged!, attempts[0], StringComparison.Ordinal);
        }
        else
        {
            Assert.Empty(attempts);
        }
    }

    private static void AssertTurn(TurnLine log, string outcome, string? code, TimeSpan? firstSpeech, TimeSpan total)
    {
        Assert.Equal((outcome, code ?? "none", total), (log.Outcome, log.Error, log.Total));
        if (firstSpeech is not null)
        {
            Assert.Equal(firstSpeech, log.FirstSpeech);
        }
    }

    private static TimeSpan OverAt(FaultRow row) => row.Time switch
    {
        FaultTime.FirstSpeech => Deadline,
        FaultTime.Stall => Stall,
        FaultTime.Turn => TurnTimeout,
        FaultTime.Tail => Tail,
        _ => TimeSpan.Zero,
    };

    private static TimeSpan? WordAt(FaultRow row) => row.Heard.Length > 0 ? TimeSpan.Zero : null;
}
