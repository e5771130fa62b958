using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Browser.Tests.Talk;

/// <summary>The side "Talk" of the console, found by the names that people hear and see.</summary>
internal sealed class TalkPane(IPage page)
{
    private readonly ILocator _region = page.GetByRole(AriaRole.Region, new() { Name = "Talk", Exact = true });

    public ILocator Key => Field("API key");

    public ILocator Model => _region.GetByRole(AriaRole.Combobox, new() { Name = "Model", Exact = true });

    public ILocator Speech => _region.GetByRole(AriaRole.Textbox, new() { Name = "What the caller says", Exact = true });

    public ILocator Connect => Button("Connect");

    public ILocator Send => Button("Send");

    public ILocator BargeIn => Button("Barge in");

    public ILocator Dictate => Button("Dictate");

    public ILocator SpeakAnswers => Field("Speak answers");

    public ILocator HangUp => Button("Hang up");

    public ILocator NewCall => Button("New call");

    public ILocator CallData => _region.GetByText("Call data", new() { Exact = true });

    public ILocator Log => _region.GetByRole(AriaRole.Log, new() { Name = "Conversation", Exact = true });

    public ILocator Turns => Log.GetByRole(AriaRole.Article);

    public ILocator Status => page.GetByRole(AriaRole.Status);

    public ILocator Alert => _region.GetByRole(AriaRole.Alert);

    public ILocator Field(string name) => _region.GetByLabel(name, new() { Exact = true });

    public ILocator Turn(int number) => Log.GetByRole(AriaRole.Article, new() { Name = $"Turn {number}", Exact = true });

    public ILocator Spoken(int turn) => Turn(turn).Locator("[data-part=spoken]");

    public ILocator Hidden(int turn) => Turn(turn).Locator("[data-part=hidden]");

    public ILocator Events(int turn) => Turn(turn).Locator("[data-part=event]");

    public ILocator TimeLine(int turn) => Turn(turn).GetByRole(AriaRole.Img);

    /// <summary>The id of the request, with the button that copies it.</summary>
    public ILocator Request(int turn) => Turn(turn).Locator("[data-part=request]");

    /// <summary>How a turn ended that was no answer, in words.</summary>
    public ILocator Error(int turn) => Turn(turn).Locator("[data-part=error]");

    public ILocator Opening => Log.GetByRole(AriaRole.Article, new() { Name = "Before the first turn", Exact = true });

    public ILocator Scale => _region.Locator("#talk-scale");

    public ILocator Frames(int turn) => Turn(turn).GetByText(new Regex(@"^Frames \(\d+\)$"));

    public async Task ConnectAsync(string model)
    {
        await Key.FillAsync(TestHost.Key);
        await Connect.ClickAsync();
        await Model.SelectOptionAsync(model);
    }

    public async Task SayAsync(string speech)
    {
        await Speech.FillAsync(speech);
        await Send.ClickAsync();
    }

    private ILocator Button(string name) => _region.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });
}
