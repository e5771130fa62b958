using Browser.Tests.Browsing;
using static Microsoft.Playwright.Assertions;

namespace Browser.Tests.Talk;

/// <summary>Speech in and out, with the browser's own replaced by ones that the test works by hand.</summary>
public sealed class SpeechTests(Chromium chromium) : BrowserTest(chromium)
{
    private const string HandWorkedSpeech = """
        window.said = [];
        window.cancels = 0;
        const synthesis = {
          speak: (utterance) => said.push(utterance),
          cancel: () => { cancels++; said.filter((one) => !one.over).forEach((one) => { one.over = true; one.onerror?.({ error: 'canceled' }); }); },
        };
        Object.defineProperty(window, 'speechSynthesis', { value: synthesis });
        window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
        window.SpeechRecognition = class {
          constructor() { window.ear = this; }
          start() { this.started = true; }
          stop() { this.onend(); }
        };
        window.hear = (text, isFinal) => ear.onresult({ results: [Object.assign([{ transcript: text }], { isFinal })] });
        """;

    private static readonly Dictionary<string, string?> AsItIs = new() { ["Models:1:SpokenText"] = "false" };

    private readonly GatedChatClient _responder = new();
    private readonly ReceivedTurns _received = new();

    [Fact]
    public async Task Dictation_WhatIsHeard_IsSentAsTheCallersText()
    {
        var (visit, talk) = await ConnectAsync();
        await talk.Dictate.ClickAsync();
        await Expect(talk.Dictate).ToHaveAttributeAsync("aria-pressed", "true");

        await visit.Page.EvaluateAsync("hear('do you', false)");
        await Expect(talk.Speech).ToHaveValueAsync("do you");
        Assert.Empty(_received.Turns);

        await visit.Page.EvaluateAsync("hear('do you have a room', true)");
        _responder.Say("Yes.");
        _responder.End();
        await Expect(talk.Spoken(1)).ToHaveTextAsync("Yes.");
        await Expect(talk.Dictate).ToHaveAttributeAsync("aria-pressed", "false");
        Assert.Equal(["user: do you have a room"], _received.Turns[0].Messages);
    }

    [Fact]
    public async Task SpeakAnswers_WhileTheAnswerComes_SaysItSentenceBySentenceWithoutDirectives()
    {
        var (visit, talk) = await ConnectAsync();
        await talk.SpeakAnswers.CheckAsync();
        await talk.SayAsync("Hello");

        _responder.Say("{{emotion=happy}}Good evening. How ");
        await Expect(talk.Spoken(1)).ToHaveTextAsync("Good evening. How");
        Assert.Equal(["Good evening. "], await SaidAsync(visit));

        _responder.Say("are you");
        _responder.End();
        await Expect(talk.TimeLine(1)).ToHaveCountAsync(1);
        Assert.Equal(["Good evening. ", "How are you"], await SaidAsync(visit));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task BargeIn_WhileItIsReadAloud_StopsItAndKeepsWhatWasHeard(bool isWhole)
    {
        var (visit, talk) = await ConnectAsync();
        await talk.SpeakAnswers.CheckAsync();
        await talk.SayAsync("Hello");
        _responder.Say("One moment. I look. And then ");
        await Expect(talk.Spoken(1)).ToHaveTextAsync("One moment. I look. And then");
        if (isWhole)
        {
            _responder.End();
            await Expect(talk.TimeLine(1)).ToHaveCountAsync(1);
        }

        await visit.Page.EvaluateAsync("said[0].onstart()");
        await talk.Dictate.ClickAsync();
        await visit.Page.EvaluateAsync("ear.onspeechstart()");
        await Expect(talk.BargeIn).ToBeDisabledAsync();
        Assert.Equal(1, await visit.Page.EvaluateAsync<int>("cancels"));

        await talk.Model.SelectOptionAsync("demo");
        await visit.Page.EvaluateAsync("hear('Stop', true)");
        await Expect(talk.Spoken(2)).ToHaveTextAsync("Hello there, caller.");
        Assert.Equal(["user: Hello", "assistant: One moment. <ims_agent_interrupted>", "user: Stop"], _received.Turns[1].Messages);
    }

    [Fact]
    public async Task NoInterrupting_UntilItIsReadAloud_LocksTheBargeIn()
    {
        var (visit, talk) = await ConnectAsync();
        await talk.SpeakAnswers.CheckAsync();
        await talk.SayAsync("Hello");
        _responder.Say("<No Interrupting>This is important.");
        await Expect(talk.Spoken(1)).ToHaveTextAsync("This is important.");
        await Expect(talk.BargeIn).ToBeDisabledAsync();
        await talk.Speech.PressAsync("Escape");
        await talk.SayAsync("Stop");
        await Expect(talk.Alert).ToContainTextAsync("Not now");

        _responder.End();
        await Expect(talk.TimeLine(1)).ToHaveCountAsync(1);
        await Expect(talk.Turn(1)).ToContainTextAsync("completed");
        await Expect(talk.BargeIn).ToBeDisabledAsync();
        await talk.Speech.PressAsync("Escape");
        Assert.Equal(0, await visit.Page.EvaluateAsync<int>("cancels"));

        await visit.Page.EvaluateAsync("said[0].onend()");
        await Expect(talk.Speech).ToHaveValueAsync("Stop");
        await talk.Model.SelectOptionAsync("demo");
        await talk.Send.ClickAsync();
        await Expect(talk.Spoken(2)).ToHaveTextAsync("Hello there, caller.");
        await Expect(talk.Alert).ToHaveCountAsync(0);
        Assert.Equal(["user: Hello", "assistant: <No Interrupting>This is important.", "user: Stop"], _received.Turns[1].Messages);
    }

    [Theory]
    [InlineData("not-allowed", "The microphone is blocked for this page")]
    [InlineData("service-not-allowed", "Dictation is turned off")]
    [InlineData("audio-capture", "There is no microphone")]
    [InlineData("no-speech", "Nothing was heard")]
    [InlineData("network", "Dictation is out of reach")]
    [InlineData("language-not-supported", "The browser cannot follow your language")]
    [InlineData("constructor", "Nothing was understood")]
    public async Task Dictation_Fails_SaysWhyInWords(string error, string told)
    {
        var (visit, talk) = await ConnectAsync();
        await talk.Dictate.ClickAsync();
        await visit.Page.EvaluateAsync("(error) => { ear.onerror({ error }); ear.onend(); }", error);

        await Expect(talk.Alert).ToContainTextAsync(told);
        await Expect(talk.Dictate).ToHaveAttributeAsync("aria-pressed", "false");

        await talk.Dictate.ClickAsync();
        await visit.Page.EvaluateAsync("ear.onerror({ error: 'aborted' }); ear.onend();");
        await Expect(talk.Alert).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Dictation_StillEnding_SaysSoInsteadOfFailing()
    {
        var (visit, talk) = await ConnectAsync();
        await visit.Page.EvaluateAsync("() => { SpeechRecognition.prototype.start = () => { throw new DOMException('recognition has already started', 'InvalidStateError'); }; }");
        await talk.Dictate.ClickAsync();

        await Expect(talk.Alert).ToContainTextAsync("Nothing was understood The browser gave up listening.");
    }

    [Theory]
    [InlineData("not-allowed", "before you have clicked in the page")]
    [InlineData("language-unavailable", "no voice for the language of the answer")]
    [InlineData("synthesis-failed", "The voice of this device failed")]
    public async Task SpeakAnswers_VoiceFails_SaysWhy(string error, string told)
    {
        var (visit, talk) = await ConnectAsync();
        await talk.SpeakAnswers.CheckAsync();
        await talk.SayAsync("Hello");
        _responder.Say("Good evening. How ");
        await Expect(talk.Spoken(1)).ToHaveTextAsync("Good evening. How");
        await visit.Page.EvaluateAsync("(error) => said[0].onerror({ error })", error);

        await Expect(talk.Alert).ToContainTextAsync("The answer is not read aloud");
        await Expect(talk.Alert).ToContainTextAsync(told);
        _responder.End();
        await Expect(talk.TimeLine(1)).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task Greeting_WithAVoice_IsSaidAndCanBeInterrupted()
    {
        var (visit, talk) = await ConnectAsync();
        await talk.SpeakAnswers.CheckAsync();
        await talk.CallData.ClickAsync();
        await talk.Field("Greeting").FillAsync("Good evening. How can I help?");
        await talk.Field("Greeting").BlurAsync();
        Assert.Equal(["Good evening. ", "How can I help?"], await SaidAsync(visit));

        await visit.Page.EvaluateAsync("said[0].onstart()");
        await talk.BargeIn.ClickAsync();
        _responder.Say("Yes.");
        _responder.End();
        await talk.SayAsync("A room, please");

        await Expect(talk.Spoken(1)).ToHaveTextAsync("Yes.");
        Assert.Equal(["assistant: Good evening. <ims_agent_interrupted>", "user: A room, please"], _received.Turns[0].Messages);
    }

    private static Task<string[]> SaidAsync(Visit visit) => visit.Page.EvaluateAsync<string[]>("said.map((one) => one.text)");

    private async Task<(Visit Visit, TalkPane Talk)> ConnectAsync()
    {
        var visit = await VisitAsync(await StartAsync(_responder, AsItIs, _received.Record));
        await visit.Context.AddInitScriptAsync(HandWorkedSpeech);
        await visit.OpenConsoleAsync();
        var talk = new TalkPane(visit.Page);
        await talk.ConnectAsync("fake");
        return (visit, talk);
    }
}
