using System.Text.RegularExpressions;
using Browser.Tests.Browsing;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Browser.Tests.Talk;

/// <summary>A call held as a newcomer holds the first one, with the settings of the sample.</summary>
public sealed partial class ConversationTests(Chromium chromium) : BrowserTest(chromium)
{
    [Fact]
    public async Task FirstConversation_OfANewcomer_IsHeldAndExplained()
    {
        var visit = await OpenConsoleAsync(Keep(await SampleHost.StartAsync()));
        var talk = new TalkPane(visit.Page);
        await Expect(visit.Page.GetByText("LocalHost prints the sample’s")).ToBeVisibleAsync();

        await talk.Key.FillAsync(TestHost.Key);
        await talk.Connect.ClickAsync();
        await Expect(talk.Model.GetByRole(AriaRole.Option)).ToHaveTextAsync(["demo", "reception"]);
        await talk.Model.SelectOptionAsync("reception");
        await talk.SayAsync("Hello");

        await Expect(talk.Spoken(1)).ToHaveTextAsync("Hello, this is the reception of Hotel Aurora. How can I help you?");
        await Expect(talk.Turn(1).Locator("[data-part=heard]")).ToHaveTextAsync("Hello");
        await Expect(talk.TimeLine(1)).ToHaveAccessibleNameAsync(TimeLine());
        await Expect(talk.Status).ToHaveTextAsync("Answer: Hello, this is the reception of Hotel Aurora. How can I help you?");
        await Expect(talk.BargeIn).ToBeDisabledAsync();

        await talk.Speech.FillAsync("And when is breakfast?");
        await talk.Speech.PressAsync("Enter");
        await Expect(talk.Spoken(2)).ToHaveTextAsync("Yes, breakfast is served in the garden room on the ground floor.");
        await Expect(talk.Speech).ToHaveValueAsync("");
    }

    [Fact]
    public async Task Frames_OfATurn_AreWhatWasReceived()
    {
        var visit = await OpenConsoleAsync(Keep(await SampleHost.StartAsync()));
        var talk = new TalkPane(visit.Page);
        await talk.ConnectAsync("reception");
        await talk.SayAsync("bye");
        await Expect(talk.Spoken(1)).ToHaveTextAsync("Thank you for calling. Goodbye!");
        await Expect(talk.Events(1)).ToHaveCountAsync(1);

        await talk.Frames(1).ClickAsync();

        await Expect(talk.Turn(1).Locator("pre")).ToContainTextAsync("data: [DONE]");
        var raw = await talk.Turn(1).Locator("pre").InnerTextAsync();
        var frames = Frame().Matches(raw);
        Assert.Equal($"Frames ({frames.Count})", await talk.Frames(1).InnerTextAsync());
        Assert.Contains("\"delta\":{\"role\":\"assistant\",\"content\":\"\"}", frames[0].Value, StringComparison.Ordinal);
        Assert.Contains("\"name\":\"hangup\"", frames[^3].Value, StringComparison.Ordinal);
        Assert.Contains("\"finish_reason\":\"tool_calls\"", frames[^2].Value, StringComparison.Ordinal);
        Assert.EndsWith("data: [DONE]", frames[^1].Value.TrimEnd(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task HangUp_AfterTheGoodbye_EndsTheCallUntilANewOne()
    {
        var visit = await OpenConsoleAsync(Keep(await SampleHost.StartAsync()));
        var talk = new TalkPane(visit.Page);
        await talk.ConnectAsync("reception");
        var call = await talk.Field("instanceId").InputValueAsync();
        await talk.SayAsync("That is all, bye");

        await Expect(talk.Spoken(1)).ToHaveTextAsync("Thank you for calling. Goodbye!");
        await Expect(talk.Events(1)).ToHaveTextAsync(HangUp());
        await Expect(talk.Speech).ToBeDisabledAsync();
        await Expect(talk.Send).ToBeDisabledAsync();
        await Expect(talk.NewCall).ToBeFocusedAsync();

        await talk.NewCall.ClickAsync();

        await Expect(talk.Turns).ToHaveCountAsync(0);
        await Expect(talk.Speech).ToBeFocusedAsync();
        Assert.NotEqual(call, await talk.Field("instanceId").InputValueAsync());
        await Expect(talk.Field("sentenceId")).ToHaveValueAsync("1");
        await talk.SayAsync("Hello");
        await Expect(talk.Spoken(1)).ToHaveTextAsync("Hello, this is the reception of Hotel Aurora. How can I help you?");
    }

    [Fact]
    public async Task Conversation_ByKeyboardAlone_IsHeld()
    {
        var visit = await OpenConsoleAsync(Keep(await SampleHost.StartAsync()));
        var talk = new TalkPane(visit.Page);
        var keyboard = visit.Page.Keyboard;

        await visit.PressUntilFocusedAsync("Tab", talk.Key);
        await keyboard.TypeAsync(TestHost.Key);
        await keyboard.PressAsync("Enter");
        await Expect(talk.Speech).ToBeFocusedAsync();
        await visit.PressUntilFocusedAsync("Shift+Tab", talk.Model);
        await keyboard.PressAsync("ArrowDown");
        await Expect(talk.Model).ToHaveValueAsync("reception");
        await visit.PressUntilFocusedAsync("Tab", talk.Speech);
        await keyboard.TypeAsync("Hello,");
        await keyboard.PressAsync("Shift+Enter");
        await keyboard.TypeAsync("good evening");
        await Expect(talk.Speech).ToHaveValueAsync("Hello,\ngood evening");
        await keyboard.PressAsync("Enter");
        await Expect(talk.Spoken(1)).ToHaveTextAsync("Hello, this is the reception of Hotel Aurora. How can I help you?");

        await visit.PressUntilFocusedAsync("Shift+Tab", talk.Frames(1));
        await keyboard.PressAsync("Enter");
        await Expect(talk.Turn(1).Locator("pre")).ToContainTextAsync("data: [DONE]");

        await visit.PressUntilFocusedAsync("Tab", talk.Speech);
        await keyboard.TypeAsync("bye");
        await keyboard.PressAsync("Enter");
        await Expect(talk.NewCall).ToBeFocusedAsync();
        await keyboard.PressAsync("Enter");
        await Expect(talk.Turns).ToHaveCountAsync(0);
        await Expect(talk.Speech).ToBeFocusedAsync();
    }

    [GeneratedRegex(@"^First speech \d+ ms, first answer \d+ ms, longest gap \d+ ms, total \d+ ms$")]
    private static partial Regex TimeLine();

    [GeneratedRegex("^Hang up")]
    private static partial Regex HangUp();

    [GeneratedRegex(@"\+\d+\.\d ms  data: .*")]
    private static partial Regex Frame();
}
