using System.Text.RegularExpressions;
using Browser.Tests.Browsing;
using Browser.Tests.Calls;
using Microsoft.Playwright;
using Switchboard.Transcripts;
using static Microsoft.Playwright.Assertions;

namespace Browser.Tests.Overview;

/// <summary>How a day went, as an operator sees, hears and points at it. That the page's policy holds is asserted at the end of each test.</summary>
public sealed partial class OverviewTests(Chromium chromium, SharedAzurite azurite) : CallsTest(chromium, azurite)
{
    private const string Main = "a.example.com";
    private const string Spare = "b.example.com";

    // How much of the canvas is drawn.
    private const string Drawn = """
        canvas => { const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height); return data.filter((value, index) => index % 4 === 3 && value > 0).length; }
        """;

    // A colour in the middle of the bar of an hour, a tenth of the way up.
    private const string ColourOf = """
        (canvas, hour) => {
          const over = canvas.parentElement.querySelector('.u-over').getBoundingClientRect(), all = canvas.getBoundingClientRect(), scale = canvas.width / all.width;
          const [r, g, b] = canvas.getContext('2d').getImageData((over.left - all.left + over.width * (hour + 0.6) / 24.2) * scale, (over.bottom - all.top - over.height / 10) * scale, 1, 1).data;
          return `${r} ${g} ${b}`;
        }
        """;

    [Fact]
    public async Task Overview_OfADay_IsDrawnAndReadableAsATable()
    {
        await WriteDayAsync();
        var (visit, overview) = await OpenOverviewAsync();
        // That this test reads what is drawn.
        visit.Expect("Canvas2D: Multiple readback");
        await overview.ShowAsync(OperatorKey);

        await Expect(overview.Tile("Calls")).ToHaveTextAsync(new Regex("^3.*5 turns"));
        await Expect(overview.Tile("Failed calls")).ToHaveTextAsync(new Regex("^1.*33.3 % of the calls"));
        await Expect(overview.Tile("Failures of upstreams")).ToHaveTextAsync(new Regex("^3.*2 upstreams"));
        await Expect(overview.Tile("Tokens")).ToContainTextAsync("480");
        await Expect(overview.Tile("Cost")).ToHaveTextAsync(new Regex("^1.50.*of 4 of 5 turns"));
        await Expect(overview.Plots).ToHaveCountAsync(5);
        foreach (var plot in await overview.Plots.Locator("canvas").AllAsync())
        {
            Assert.True(await plot.EvaluateAsync<int>(Drawn) > 500);
        }

        // Nothing came at one in the morning; at eight in the evening the bar is there.
        var calls = overview.Plot("Calls and turns").Locator("canvas");
        Assert.Equal("0 0 0", await calls.EvaluateAsync<string>(ColourOf, 1));
        Assert.Equal("47 120 189", await calls.EvaluateAsync<string>(ColourOf, 20));
        Assert.Equal(["Hour (UTC) Calls Turns", "19:00 1 1", "20:00 2 4", "Day 3 5"], await overview.ReadTableAsync("Calls and turns"));
        Assert.Equal(["Hour (UTC) completed failed", "19:00 1 0", "20:00 1 1", "Day 2 1"], await overview.ReadTableAsync("Outcomes of calls"));
        Assert.Equal([$"Hour (UTC) {Spare} {Main}", "19:00 0 0", "20:00 2 1", "Day 2 1"], Sorted(await overview.ReadTableAsync("Failures of upstreams")));
        Assert.Equal(["Hour (UTC) cached prompt completion cost", "19:00 0 100 20 0.375", "20:00 0 300 60 1.13", "Day 0 400 80 1.50"], await overview.ReadTableAsync("Tokens and cost"));
        var answers = await overview.ReadTableAsync("First answer");
        Assert.Equal(["Hour", "19:00", "20:00", "Day"], answers.Select(row => row.Split(' ')[0]));
        Assert.InRange(int.Parse(Milliseconds().Match(answers[1]).Groups[1].Value, null), 390, 410);
        await Expect(overview.Upstreams).ToContainTextAsync("status 429 × 1");
    }

    [Fact]
    public async Task Bar_Clicked_ShowsTheCallsBehindIt()
    {
        await WriteDayAsync();
        var (visit, overview) = await OpenOverviewAsync();
        await overview.ShowAsync(OperatorKey);
        var over = overview.Plot("Outcomes of calls").Locator(".u-over");
        var box = await over.BoundingBoxAsync();

        // Failed is the upper half of the two calls of that hour.
        await over.ClickAsync(new() { Position = new() { X = (float)(box!.Width * 20.6 / 24.2), Y = (float)(box.Height * 0.3) } });

        await Expect(visit.Page).ToHaveURLAsync(new Regex(@"#calls\?day=2026-11-24&hour=20&outcome=failed$"));
        await Expect(visit.Page.GetByRole(AriaRole.Region, new() { Name = "Calls", Exact = true })).ToBeVisibleAsync();
        await visit.Page.GoBackAsync();
        await Expect(overview.Region).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Bar_ByKeyboardAlone_IsHeardAndShowsTheCallsBehindIt()
    {
        await WriteDayAsync();
        var (visit, overview) = await OpenOverviewAsync();
        await overview.ShowAsync(OperatorKey);
        var slider = overview.Slider("Outcomes of calls");
        await Expect(slider).ToHaveAttributeAsync("aria-valuetext", "The day: completed 2, failed 1");

        await visit.PressUntilFocusedAsync("Tab", slider);
        await Expect(slider).ToHaveAttributeAsync("aria-valuetext", "20:00 to 21:00 UTC: completed 1, failed 1");
        await visit.Page.Keyboard.PressAsync("ArrowLeft");
        await Expect(slider).ToHaveAttributeAsync("aria-valuetext", "19:00 to 20:00 UTC: completed 1, failed 0");
        await visit.Page.Keyboard.PressAsync("Enter");

        await Expect(visit.Page).ToHaveURLAsync(new Regex(@"#calls\?day=2026-11-24&hour=19$"));
    }

    [Fact]
    public async Task Figure_OfATable_ShowsTheCallsBehindIt()
    {
        await WriteDayAsync();
        var (visit, overview) = await OpenOverviewAsync();
        await overview.ShowAsync(OperatorKey);
        await overview.Model.SelectOptionAsync("demo");
        await Expect(overview.Tile("Calls")).ToHaveTextAsync(new Regex("^2"));
        await overview.ReadTableAsync("Failures of upstreams");
        await overview.Table("Failures of upstreams").GetByRole(AriaRole.Button, new() { Name = $"1 {Main}", Exact = false }).ClickAsync();

        await Expect(visit.Page).ToHaveURLAsync(new Regex(@"#calls\?day=2026-11-24&model=demo&hour=20&failed=a.example.com$"));
    }

    [Fact]
    public async Task Tile_OfFailures_ShowsTheCallsInWhichAnUpstreamFailed()
    {
        await WriteDayAsync();
        var (visit, overview) = await OpenOverviewAsync();
        await overview.ShowAsync(OperatorKey);
        await overview.Tile("Failures of upstreams").GetByRole(AriaRole.Button).ClickAsync();

        await Expect(visit.Page).ToHaveURLAsync(new Regex(@"#calls\?day=2026-11-24&failed=\*$"));
        await Expect(new CallsPane(visit.Page).Count).ToHaveTextAsync("2 calls found, 3 looked at");
    }

    [Fact]
    public async Task Overview_OfToday_RefreshesItselfAndKeepsWhatIsOpen()
    {
        await WriteDayAsync();
        var (visit, overview) = await OpenOverviewAsync();
        await overview.ShowAsync(OperatorKey);
        await overview.ReadTableAsync("Calls and turns");
        await WriteAsync(Turn("call-4", "1", 60));
        await visit.Page.Clock.FastForwardAsync(20_000);
        await Expect(overview.Tile("Calls")).ToHaveTextAsync(new Regex("^3"));

        await visit.Page.Clock.FastForwardAsync(11_000);

        await Expect(overview.Tile("Calls")).ToHaveTextAsync(new Regex("^4"));
        await Expect(overview.Table("Calls and turns")).ToContainTextAsync("20:00");
    }

    [Fact]
    public async Task Overview_EmptyDay_SaysSo()
    {
        await WriteDayAsync();
        var (_, overview) = await OpenOverviewAsync();
        await overview.ShowAsync(OperatorKey);
        await Expect(overview.Plots).ToHaveCountAsync(5);

        await overview.Button("The day before").ClickAsync();

        await Expect(overview.Day).ToHaveValueAsync("2026-11-23");
        await Expect(overview.Region.GetByText("No turns on this day.")).ToBeVisibleAsync();
        await Expect(overview.Tile("Calls")).ToHaveTextAsync(new Regex("^0"));
        await Expect(overview.Plot("Calls and turns")).ToBeHiddenAsync();
    }

    [Fact]
    public async Task Overview_AnotherKeyThanAnOperators_SaysWhichOneIsMeant()
    {
        var (visit, overview) = await OpenOverviewAsync();
        visit.Expect("status of 401");
        await overview.ShowAsync(TestHost.Key);
        await Expect(overview.Alert).ToContainTextAsync("This key does not open the calls They need an operator key");

        await overview.Key.FillAsync("");
        await overview.Button("Show overview").ClickAsync();
        await Expect(overview.Alert).ToContainTextAsync("Type the operator key in first.");
    }

    [Fact]
    public async Task Overview_TranscriptsOff_SaysWhichSettingTurnsThemOn()
    {
        var visit = await OpenConsoleAsync(await StartAsync(settings: new Dictionary<string, string?> { ["Access:OperatorKeys:0"] = OperatorKey }));
        visit.Expect("status of 404");
        var overview = new OverviewPane(visit.Page);
        await overview.ShowAsync(OperatorKey);

        await Expect(overview.Alert).ToContainTextAsync("Transcripts:TableServiceUri or Transcripts:ConnectionString says where");
    }

    [Fact]
    public async Task Overview_InAnOutage_KeepsItsFiguresAndSaysOfWhenTheyAre()
    {
        await WriteDayAsync();
        var (visit, overview) = await OpenOverviewAsync();
        visit.Expect("status of 503");
        await overview.ShowAsync(OperatorKey);
        await Expect(overview.Tile("Calls")).ToHaveTextAsync(new Regex("^3"));
        await visit.Page.RouteAsync("**/calls/overview**", route => route.FulfillAsync(new()
        {
            Status = 503,
            ContentType = "application/json",
            Body = """{"error":{"message":"m","type":"server_error","param":null,"code":"transcripts_unavailable"}}""",
        }));

        await overview.Button("Show overview").ClickAsync();

        await Expect(overview.Alert).ToContainTextAsync(new Regex(@"cannot be read right now.*The figures below are of 2026-11-24, as they were at 20:\d\d:\d\d UTC\."));
        await Expect(overview.Tile("Calls")).ToHaveTextAsync(new Regex("^3"));
        await visit.Page.UnrouteAllAsync();
        await visit.Page.Clock.FastForwardAsync(31_000);
        await Expect(overview.Alert).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Overview_MoreThanIsCounted_SaysSo()
    {
        var (visit, overview) = await OpenOverviewAsync();
        var day = new DayTally(null);
        day.Add("completed", 3, CallFigures.Read(CallFigures.With("", StoreRig.Start, Turn("call", "1", 0), null, out _)));
        var answer = System.Text.Json.JsonSerializer.Serialize(day.ToOverview(new(2026, 11, 24), StoreRig.Start), Switchboard.Http.CallsJson.Default.DayOverview);
        await visit.Page.RouteAsync("**/calls/overview**", route => route.FulfillAsync(new() { ContentType = "application/json", Body = answer }));
        await overview.ShowAsync(OperatorKey);

        await Expect(overview.Partial).ToHaveTextAsync([new Regex("those that began at 20:00:00 UTC or later"), new Regex("^2 turns of these calls are in no figure")]);
    }

    [Theory]
    [InlineData(ColorScheme.Light, 375, 667)]
    [InlineData(ColorScheme.Dark, 1280, 800)]
    public async Task Overview_OfEachWidthAndLight_IsAccessibleAndHasNothingBesideIt(ColorScheme light, int width, int height)
    {
        await NodePackages.RequireAsync();
        await WriteDayAsync();
        // The checker makes its own elements, which the page's policy would refuse.
        var (visit, overview) = await OpenOverviewAsync(new() { ColorScheme = light, BypassCSP = true, ViewportSize = new() { Width = width, Height = height } });
        await overview.ShowAsync(OperatorKey);
        await Expect(overview.Plots).ToHaveCountAsync(5);
        await overview.ReadTableAsync("First answer");
        await visit.Page.EvaluateAsync(await File.ReadAllTextAsync(Path.Combine(NodePackages.Folder, "node_modules", "axe-core", "axe.min.js"), TestContext.Current.CancellationToken));

        Assert.Empty(await visit.Page.EvaluateAsync<string[]>("async () => (await axe.run()).violations.map(v => `${v.impact} ${v.id}: ${v.nodes.map(n => n.html).join(' | ')}`)"));
        Assert.Equal(width, await visit.Page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        foreach (var plot in await overview.Plots.AllAsync())
        {
            var box = await plot.BoundingBoxAsync();
            Assert.InRange(box!.X + box.Width, 200, width);
        }
    }

    [GeneratedRegex(@"(\d+) ms")]
    private static partial Regex Milliseconds();

    // The busiest upstream's column comes first, or, of two alike, by name.
    private static IEnumerable<string> Sorted(IReadOnlyList<string> rows) =>
        rows[0].EndsWith(Main, StringComparison.Ordinal) ? rows : rows.Select(row => Swapped(row.Split(' ')));

    private static string Swapped(string[] cells) => string.Join(' ', [.. cells[..^2], cells[^1], cells[^2]]);

    private static TurnTranscript Turn(string call, string sentence, int seconds) => StoreRig.Turn(call, sentence, seconds) with
    {
        Responder = "upstream",
        Upstream = Main,
        FirstAnswerMs = 400,
        PromptTokens = 100,
        CompletionTokens = 20,
        Cost = 0.375m,
    };

    private async Task WriteDayAsync() => await WriteAsync(
        Turn("call-1", "1", -3600) with { Model = "reception" },
        Turn("call-2", "1", 0) with { UpstreamFailures = [new(Spare, "silent")] },
        Turn("call-2", "2", 10),
        Turn("call-3", "1", 20),
        StoreRig.Turn("call-3", "2", 30) with { Responder = "upstream", Outcome = "failed", UpstreamFailures = [new(Main, "status 429"), new(Spare, "silent")] });

    private async Task<(Visit Visit, OverviewPane Overview)> OpenOverviewAsync(BrowserNewContextOptions? options = null)
    {
        var (visit, _) = await OpenCallsAsync(options);
        return (visit, new OverviewPane(visit.Page));
    }
}
