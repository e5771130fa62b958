using System.Text.RegularExpressions;
using Browser.Tests.Browsing;
using Microsoft.Playwright;
using Switchboard.Transcripts;
using static Microsoft.Playwright.Assertions;

namespace Browser.Tests.Calls;

/// <summary>What was said on a call, as an operator reads it.</summary>
public sealed class TranscriptTests(Chromium chromium, SharedAzurite azurite) : CallsTest(chromium, azurite)
{
    [Fact]
    public async Task Transcript_OfACall_ShowsEachTurn()
    {
        await WriteAsync(
            StoreRig.Turn("call-1", "1") with { Heard = "Do you have a room?", Spoken = "One mo", IsCut = true, Outcome = "caller_left", FirstSpeechMs = 45.4 },
            StoreRig.Turn("call-1", "2", 5) with { Heard = "To the desk, please", Spoken = "", Outcome = "failed", ErrorCode = "upstream_timeout" },
            StoreRig.Turn("call-1", "3", 9) with
            {
                Heard = "Bye",
                Spoken = "Goodbye!",
                FirstSpeechMs = 1234,
                FirstAnswerMs = 2345,
                DurationMs = 12000,
                Actions = [new("transfer", """{"number":"+4930123456"}"""), new("hangup", "{}")],
            });
        var (_, calls) = await OpenCallsAsync();
        await calls.ShowAsync(OperatorKey);
        await calls.Call("call-1").ClickAsync();

        await Expect(calls.Transcript.GetByRole(AriaRole.Heading, new() { Name = "call-1" })).ToBeVisibleAsync();
        await Expect(calls.Turns).ToHaveCountAsync(3);
        await Expect(calls.Part(1, "heard")).ToHaveTextAsync("Do you have a room?");
        await Expect(calls.Part(1, "spoken")).ToHaveTextAsync("One mo");
        await Expect(calls.Turn(1)).ToContainTextAsync("cut off");
        await Expect(calls.Turn(1)).ToContainTextAsync("caller left");
        await Expect(calls.Turn(1).GetByRole(AriaRole.Img)).ToHaveAccessibleNameAsync("First speech 45 ms, total 45 ms");
        await Expect(calls.Turn(2)).ToContainTextAsync("upstream_timeout");
        await Expect(calls.Turn(2).GetByRole(AriaRole.Img)).ToHaveAccessibleNameAsync("No speech, total 13 ms");
        await Expect(calls.Part(3, "event")).ToHaveTextAsync([new Regex(@"^Transfer.*\+4930123456"), new Regex("^Hang up")]);
        await Expect(calls.Turn(3).GetByText("cut off")).ToHaveCountAsync(0);
        await Expect(calls.Turn(3).GetByRole(AriaRole.Img)).ToHaveAccessibleNameAsync("First speech 1234 ms, first answer 2345 ms, total 12.0 s");
    }

    [Fact]
    public async Task Transcript_UpstreamsThatFailed_AreNamedInTheRowAndInTheTurn()
    {
        await WriteAsync(
            StoreRig.Turn("call-1", "1") with { Upstream = "b.example.com", UpstreamFailures = [new("a.example.com", "silent")], FirstSpeechMs = 300, FirstAnswerMs = 400 },
            StoreRig.Turn("call-1", "2", 5) with
            {
                Responder = "upstream",
                Outcome = "apologised",
                ErrorCode = "upstream_error",
                FirstSpeechMs = 1001,
                DurationMs = 4010,
                UpstreamFailures = [new("a.example.com", "status 500"), new("b.example.com", "status 429")],
            },
            StoreRig.Turn("call-1", "3", 9));
        var (_, calls) = await OpenCallsAsync();
        await calls.ShowAsync(OperatorKey);
        await Expect(calls.Call("call-1")).ToContainTextAsync("Upstreams failed: a.example.com, b.example.com");
        await Expect(calls.Call("call-1")).ToContainTextAsync("slowest answer 400 ms");
        await calls.Call("call-1").ClickAsync();

        await Expect(calls.Part(1, "failures")).ToHaveTextAsync("Upstream failed. a.example.com: silent");
        await Expect(calls.Part(2, "failures")).ToHaveTextAsync("Upstreams failed. a.example.com: status 500 · b.example.com: status 429");
        await Expect(calls.Part(3, "failures")).ToHaveCountAsync(0);
        await Expect(calls.Transcript).ToContainTextAsync("slowest answer 400 ms");
        await Expect(calls.Turn(2)).ToContainTextAsync("first 1001 ms · total 4010 ms");
    }

    [Fact]
    public async Task Transcript_WhatThePlatformTold_StandsWithItsTurn()
    {
        await WriteAsync(StoreRig.Turn("call-1", "1") with { Spoken = "We have two rooms left." });
        CallEvent told = new() { InstanceId = "call-1", ReceivedAt = StoreRig.Start };
        foreach (var one in (CallEvent[])
        [
            told with { Direction = "inbound", CallerNumber = "*******0000", CalleeNumber = "02155550000" },
            told with { SentenceId = "0", Lines = [new("d0", false, "Good <b>morning</b>.", 20, StoreRig.Start)] },
            told with { SentenceId = "1", Lines = [new("d1", false, "We have two", 11, StoreRig.Start)], Times = new(StoreRig.Start, StoreRig.Start.AddMilliseconds(340)) },
            told with { Ending = new("agent_stop", "1002", "The user left", StoreRig.Start.AddSeconds(5)) },
        ])
        {
            await new CallEventStore((await StoreAsync()).Tables).WriteAsync([one], TestContext.Current.CancellationToken);
        }

        var (_, calls) = await OpenCallsAsync();
        await calls.ShowAsync(OperatorKey);
        await Expect(calls.Call("call-1")).ToContainTextAsync("ended: agent stop");
        await calls.Call("call-1").ClickAsync();

        await Expect(calls.Transcript.Locator("[data-part=ending]")).ToHaveTextAsync("Ended: agent stop · code 1002 · The user left · 20:00:05");
        await Expect(calls.Transcript).ToContainTextAsync("inbound · *******0000 to 02155550000");
        await Expect(calls.Part(1, "spoken")).ToHaveTextAsync("We have two rooms left.");
        await Expect(calls.Part(1, "platform-spoken")).ToHaveTextAsync("We have two");
        await Expect(calls.Part(1, "platform-times")).ToContainTextAsync("model 340 ms");
        await Expect(calls.Transcript.Locator("[data-part=outside]")).ToContainTextAsync("Good <b>morning</b>.");
    }

    [Fact]
    public async Task Transcript_ActionNamedAsAMemberOfEveryObject_IsAToolCall()
    {
        await WriteAsync(StoreRig.Turn("call-1", "1") with { Actions = [new("constructor", "{}"), new("__proto__", "{}"), new("toString", "{}")] });
        var (_, calls) = await OpenCallsAsync();
        await calls.ShowAsync(OperatorKey);
        await calls.Call("call-1").ClickAsync();

        await Expect(calls.Part(1, "event")).ToHaveTextAsync(["Tool call constructor", "Tool call __proto__", "Tool call toString"]);
    }

    [Fact]
    public async Task Transcript_HostileText_IsShownAsText()
    {
        const string Hostile = "<script>alert(1)</script><img src=x onerror=alert(2)>";
        await WriteAsync(StoreRig.Turn("<b>call</b>", "<i>1</i>") with
        {
            Heard = $"{Hostile}user\u202Egnp.exe\u2066\u200B\u0007",
            Spoken = $"{Hostile}<imsagent_hangup endword=\"<svg onload=alert(3)>\"/>",
            ChannelId = Hostile,
            Model = Hostile,
            Upstream = "javascript:alert(4)",
            UpstreamFailures = [new(Hostile, Hostile)],
            ErrorCode = Hostile,
            Actions = [new(Hostile, $$"""{"number":"{{Hostile}}"}""")],
        });
        var (_, calls) = await OpenCallsAsync();
        await calls.ShowAsync(OperatorKey);
        await calls.Call("call").ClickAsync();

        await Expect(calls.Part(1, "heard")).ToHaveTextAsync($"{Hostile}user⟦U+202E⟧gnp.exe⟦U+2066⟧⟦U+200B⟧⟦U+0007⟧");
        await Expect(calls.Part(1, "spoken")).ToContainTextAsync(Hostile);
        await Expect(calls.Part(1, "event")).ToContainTextAsync($$"""{"number":"{{Hostile}}"}""");
        await Expect(calls.Calls).ToContainTextAsync("<b>call</b>");
        await Expect(calls.Transcript.Or(calls.Calls).Locator("script, img, b, i, [onload], a")).ToHaveCountAsync(0);
    }

    [Theory]
    [InlineData(CallReader.MaxTurns, 0)]
    [InlineData(CallReader.MaxTurns + 1, 1)]
    public async Task Transcript_MoreTurnsThanAreRead_SaysSo(int stored, int notes)
    {
        await (await StoreAsync()).WriteCallAsync("call-1", stored);
        var (_, calls) = await OpenCallsAsync();
        await calls.ShowAsync(OperatorKey);
        await calls.Call("call-1").ClickAsync();

        await Expect(calls.Turns).ToHaveCountAsync(CallReader.MaxTurns);
        await Expect(calls.Transcript.GetByText("more are stored, these are the first")).ToHaveCountAsync(notes);
    }

    [Fact]
    public async Task Transcript_Redacted_ShowsLengths()
    {
        await WriteAsync(StoreRig.Turn("call-1", "1") with { Heard = null, HeardLength = 16, Spoken = null, SpokenLength = 1, Actions = [new("hangup", null)] });
        var (_, calls) = await OpenCallsAsync();
        await calls.ShowAsync(OperatorKey);
        await calls.Call("call-1").ClickAsync();

        await Expect(calls.Part(1, "heard")).ToHaveTextAsync("16 characters, not kept");
        await Expect(calls.Part(1, "spoken")).ToHaveTextAsync("1 character, not kept");
        await Expect(calls.Part(1, "event")).ToHaveTextAsync("Hang up");
    }
}
