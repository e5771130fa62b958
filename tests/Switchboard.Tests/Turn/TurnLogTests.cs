using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Switchboard.Common;
using Switchboard.Keys;

namespace Switchboard.Tests.Turn;

/// <summary>What a turn leaves in the log, and what it never does.</summary>
public sealed class TurnLogTests
{
    [Fact]
    public async Task Turn_Completed_LeavesOneLineWithItsTimes()
    {
        var time = new FakeTimeProvider();
        var responder = new GatedChatClient();
        await using var host = await TestHost.StartAsync(responder, time: time);
        var answer = host.PostAsync(Json.Request("fake", more: ""","extendData":{"instanceId":"call-1","sentenceId":7}"""));
        await responder.Asked;
        time.Advance(TimeSpan.FromMilliseconds(120));
        // White space is no speech, and is held back until there is some.
        responder.Say(" ");
        time.Advance(TimeSpan.FromMilliseconds(30));
        responder.Say("word");
        using var stream = await EventReader.OpenAsync(await answer);
        await stream.NextAsync();
        Assert.Equal(" word", await stream.NextTextAsync());
        time.Advance(TimeSpan.FromMilliseconds(50));
        responder.End();
        await stream.RestAsync();

        var line = await host.WaitForTurnEndAsync();

        Assert.Equal(
            [("Call", "call-1"), ("Turn", "7"), ("Platform", "ims"), ("Model", "fake"), ("Upstream", "fake"), ("Outcome", "completed"), ("Error", "none"), ("FirstSpeech", "150 ms"), ("FirstAnswer", "150 ms"), ("TotalMs", "200"), ("Key", KeyDigest.Of(TestHost.Key).Name), ("Settings", line.GetStructuredStateValue("Settings")), ("FirstSpeechMs", "150"), ("FirstAnswerMs", "150")],
            line.StructuredState!.Where(pair => pair.Key is not ("RequestId" or "{OriginalFormat}")).Select(pair => (pair.Key, pair.Value)));
        Assert.Contains(", first speech 150 ms, first answer 150 ms, total 200 ms, ", line.Message, StringComparison.Ordinal);
        Assert.Matches("^[0-9a-f]{8}$", line.GetStructuredStateValue("Settings"));
        Assert.Equal(LogLevel.Information, line.Level);
        Assert.Contains($"Key:{KeyDigest.Of(TestHost.Key).Name}", string.Join(' ', line.Scopes), StringComparison.Ordinal);
        Assert.Single(host.Logs.GetSnapshot(), record => record.Id.Id == 100);
    }

    [Fact]
    public async Task Turn_AnyOutcome_LogsNoKeyNoPromptAndNothingSaid()
    {
        var responder = new GatedChatClient();
        await using var host = await TestHost.StartAsync(responder);
        responder.Say("spoken-words");
        responder.Fail(new InvalidOperationException("exception-words"));
        var request = """
            {"model":"fake","stream":true,"messages":[{"role":"system","content":"prompt-words"},{"role":"user","content":"caller-words"}],
             "extendData":{"instanceId":"call-1","userData":"userdata-words","callerNumber":"+49301234567"}}
            """;
        using (var stream = await EventReader.OpenAsync(await host.PostAsync(request)))
        {
            await stream.RestAsync();
        }

        using (await host.PostAsync("""{"model":"fake","messages":[{"role":"caller-words"}]}"""))
        {
        }

        using (var stranger = host.Connect())
        {
            stranger.DefaultRequestHeaders.Authorization = new("Bearer", "wrong-key-words");
            using var refused = await stranger.PostAsync("/chat/completions", Json.Content(request), TestContext.Current.CancellationToken);
        }

        await host.WaitForTurnEndAsync("fake");
        var log = string.Join('\n', host.Logs.GetSnapshot()
            .Where(record => record.Level >= LogLevel.Information)
            .Select(record => $"{record.Message} {record.Exception} {string.Join(' ', record.Scopes)}"));
        Assert.Contains("InvalidOperationException", log, StringComparison.Ordinal);
        Assert.DoesNotContain("-words", log, StringComparison.Ordinal);
        Assert.DoesNotContain(TestHost.Key, log, StringComparison.Ordinal);
        Assert.DoesNotContain("+4930", log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Turn_IdWithLineBreaks_CannotForgeALogLine()
    {
        await using var host = await TestHost.StartAsync();
        using var response = await host.PostAsync(Json.Request(more: $$""","extendData":{"instanceId":"a\r\n00:00 info: forged\u2028{{new string('x', 500)}}"}"""));
        await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        var line = await host.WaitForTurnEndAsync();

        Assert.DoesNotContain('\n', line.Message);
        Assert.DoesNotContain('\u2028', line.Message);
        Assert.StartsWith("a__00:00 info: forged", line.GetStructuredStateValue("Call"), StringComparison.Ordinal);
        Assert.True(line.GetStructuredStateValue("Call")!.Length <= 129);
    }

    [Fact]
    public void Describe_NestedException_TellsTypesAndPlaceButNoMessage()
    {
        var failure = Assert.Throws<InvalidOperationException>(() => Throw());

        Assert.Equal("InvalidOperationException < FormatException", FailureText.Describe(new InvalidOperationException("secret", new FormatException("secret"))));
        Assert.Contains("TurnLogTests", FailureText.Describe(failure), StringComparison.Ordinal);

        static void Throw() => throw new InvalidOperationException("secret");
    }

    [Fact]
    public void Describe_NetworkFault_SaysWhy()
    {
        var refused = new HttpRequestException(HttpRequestError.ConnectionError, "secret", new SocketException((int)SocketError.ConnectionRefused));

        Assert.Equal("HttpRequestException (ConnectionError) < SocketException (ConnectionRefused)", FailureText.Describe(refused));
        Assert.Equal("HttpRequestException", FailureText.Describe(new HttpRequestException("secret")));
    }
}
