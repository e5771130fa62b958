using System.Text;
using System.Text.Json;
using System.Xml.Linq;
using Caller.Load;
using Caller.Tests.Servers;
using Caller.Wire;
using Spectre.Console;

namespace Caller.Tests.Load;

public sealed class LoadReportTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("caller-tests").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Report_KnownTimes_GivesTheirPercentiles()
    {
        var meter = Metered();

        var report = meter.Report(TimeSpan.FromSeconds(100));

        Assert.Equal(101, report.Turns);
        Assert.Equal(1, report.Failed);
        Assert.Equal(100, report.FirstSpeech.Count);
        Assert.Equal(50, report.FirstSpeech.P50, 0.1);
        Assert.Equal(95, report.FirstSpeech.P95, 0.1);
        Assert.Equal(100, report.FirstSpeech.Max, 0.1);
        Assert.Equal(200, report.Gaps.Count);
        Assert.Equal(new Dictionary<string, int> { ["timed out"] = 1 }, report.Errors);
    }

    [Fact]
    public void Passes_CallsThatNeverGotALine_IsFalse()
    {
        var meter = new LoadMeter();
        Assert.False(meter.Report(TimeSpan.Zero).Passes);
        Assert.EndsWith("; first speech -", LoadTable.Line(meter.Report(TimeSpan.Zero)), StringComparison.Ordinal);
        meter.Add(new TurnSample(TimeSpan.Zero, TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(2), [], null));
        Assert.True(meter.Report(TimeSpan.Zero).Passes);
        Assert.EndsWith("; first speech p50 1 ms, p95 1 ms", LoadTable.Line(meter.Report(TimeSpan.Zero)), StringComparison.Ordinal);

        meter.NeverBegun();

        Assert.False(meter.Report(TimeSpan.Zero).Passes);
    }

    [Fact]
    public void Write_Json_HoldsWhatTheReportHolds()
    {
        using var output = new MemoryStream();

        LoadJson.Write(output, "http://h/chat/completions", new Caller.Load.LoadOptions { Model = "abc", Rate = 3 }, Metered().Report(TimeSpan.FromSeconds(100)));

        using var json = JsonDocument.Parse(Encoding.UTF8.GetString(output.ToArray()));
        Assert.Equal("open", json.RootElement.GetProperty("loop").GetString());
        Assert.Equal(1, json.RootElement.GetProperty("errors").GetProperty("timed out").GetInt32());
        Assert.Equal(50, json.RootElement.GetProperty("firstSpeech").GetProperty("p50").GetDouble(), 0.1);
        Assert.Equal(0, json.RootElement.GetProperty("firstAnswer").GetProperty("count").GetInt32());
    }

    [Theory]
    [InlineData(""": outcome {"outcome":"completed","error":null,"firstSpeechMs":12.5,"firstAnswerMs":1012.5}""", 1300)]
    [InlineData(""": outcome {"outcome":"completed","error":null,"firstSpeechMs":12.5,"firstAnswerMs":12.5}""", 300)]
    [InlineData(""": outcome {"outcome":"apologised","error":"upstream_timeout","firstSpeechMs":12.5,"firstAnswerMs":null}""", null)]
    [InlineData(""": outcome {"outcome":"completed","firstSpeechMs":12.5,"firstAnswerMs":2.5}""", null)]
    [InlineData(""": outcome {"outcome":"completed","firstSpeechMs":"12","firstAnswerMs":1e300}""", null)]
    [InlineData(": outcome 7", null)]
    [InlineData(": keep-alive", null)]
    public void Judge_ServerTellsItsTimes_AddsWhatLiesBetweenThem(string comment, int? answerMs)
    {
        // Heard by this tool 100 ms after the request, after 200 ms of waiting for a line.
        var reader = new FrameReader();
        var frames = new List<Frame>(reader.Push(Encoding.UTF8.GetBytes($"data: {Canned.Delta("""{"content":"One moment."}""")}\n\ndata: [DONE]\n\n{comment}\n\n"), TimeSpan.FromMilliseconds(100)));
        var exchange = new Exchange { End = ExchangeEnd.Complete, Status = 200, Headers = new Dictionary<string, string> { ["content-type"] = "text/event-stream" }, Frames = frames, Told = reader.Told };

        var sample = TurnJudge.Judge(exchange, TimeSpan.Zero, waited: TimeSpan.FromMilliseconds(200));

        Assert.Null(sample.Error);
        Assert.Equal(TimeSpan.FromMilliseconds(300), sample.FirstSpeech);
        Assert.Equal(answerMs, sample.FirstAnswer?.TotalMilliseconds);
    }

    [Fact]
    public void Table_OfAServerThatTellsNothing_HasNoRowOfTheFirstAnswer()
    {
        var told = Metered();
        told.Add(new TurnSample(TimeSpan.Zero, TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(2), [], null) { FirstAnswer = TimeSpan.FromMilliseconds(700) });

        Assert.DoesNotContain("first answer", Shown(Metered()), StringComparison.Ordinal);
        Assert.Matches(@"first answer\s+1\s+700", Shown(told));

        static string Shown(LoadMeter meter)
        {
            using var writer = new StringWriter();
            var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Out = new AnsiConsoleOutput(writer) });
            console.Profile.Width = 200;
            console.Write(LoadTable.Of(meter.Report(TimeSpan.FromSeconds(100))));
            return writer.ToString();
        }
    }

    [Fact]
    public void Save_Svg_DrawsBothPlots()
    {
        var file = Path.Combine(_folder, "plot.svg");
        var meter = Metered();

        LoadPlot.Save(file, meter.Samples(), meter.Report(TimeSpan.FromSeconds(100)));

        var texts = XDocument.Load(file).Descendants().Where(element => element.Name.LocalName == "text").Select(element => element.Value.Trim()).ToList();
        Assert.Contains("First speech over the run", texts);
        Assert.Contains("How first speech is distributed: p50 50 ms, p95 95 ms, p99 99 ms", texts);
        Assert.Contains("failed", texts);
    }

    [Fact]
    public void Save_Png_IsAPicture()
    {
        var file = Path.Combine(_folder, "plot.png");

        // Nothing was heard at all, which must not break the drawing.
        LoadPlot.Save(file, [], new LoadMeter().Report(TimeSpan.Zero));

        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], File.ReadAllBytes(file).Take(4));
    }

    private static LoadMeter Metered()
    {
        var meter = new LoadMeter();
        for (var number = 1; number <= 100; number++)
        {
            meter.Add(new TurnSample(TimeSpan.FromSeconds(number), TimeSpan.FromMilliseconds(number), TimeSpan.FromMilliseconds(number + 50), [TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(30)], null));
        }

        meter.Add(new TurnSample(TimeSpan.FromSeconds(101), null, TimeSpan.FromMilliseconds(400), [], "timed out"));
        return meter;
    }
}
