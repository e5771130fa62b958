using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Time.Testing;
using Switchboard.Common;

namespace Switchboard.Tests.Turn;

/// <summary>The names, units and tags of what a turn reports.</summary>
public sealed class TurnTelemetryTests
{
    [Fact]
    public async Task Turn_OfAPlatform_IsCountedWithItsName()
    {
        await using var host = await TestHost.StartAsync();
        using var turns = Collect<long>(host, "switchboard.turns");
        using var response = await PlatformRequests.Zego.SendAsync(host);
        await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        await host.WaitForTurnEndAsync();

        Assert.Equal([("model", "demo"), ("outcome", "completed"), ("platform", "zego")], Tags(Assert.Single(turns.GetMeasurementSnapshot()).Tags));
    }

    [Fact]
    public async Task Turn_Completed_RecordsDurationAndFirstSpeechInSeconds()
    {
        var time = new FakeTimeProvider();
        var responder = new GatedChatClient();
        await using var host = await TestHost.StartAsync(responder, time: time);
        using var duration = Collect<double>(host, "switchboard.turn.duration");
        using var firstSpeech = Collect<double>(host, "switchboard.turn.first_speech");
        var answer = host.PostAsync(Json.Request("fake"));
        await responder.Asked;
        time.Advance(TimeSpan.FromMilliseconds(250));
        responder.Say("word");
        using var stream = await EventReader.OpenAsync(await answer);
        await stream.NextAsync();
        await stream.NextTextAsync();
        time.Advance(TimeSpan.FromMilliseconds(750));
        responder.End();
        await stream.RestAsync();
        await host.WaitForTurnEndAsync();

        var speech = Assert.Single(firstSpeech.GetMeasurementSnapshot());
        Assert.Equal(0.25, speech.Value, 3);
        Assert.Equal(1.0, Assert.Single(duration.GetMeasurementSnapshot()).Value, 3);
        Assert.Equal([("model", "fake"), ("outcome", "completed")], Tags(speech.Tags));
        Assert.Equal(("s", "s"), (duration.Instrument!.Unit, firstSpeech.Instrument!.Unit));
    }

    [Theory]
    [InlineData("completed", null, "demo")]
    [InlineData("refused", "invalid_value", "none")]
    [InlineData("failed", "upstream_error", "fake")]
    public async Task Turn_AnyOutcome_IsCountedWithItsTags(string outcome, string? error, string model)
    {
        var responder = new GatedChatClient();
        await using var host = await TestHost.StartAsync(responder, new Dictionary<string, string?> { ["Models:0:Default"] = "true" });
        using var turns = Collect<long>(host, "switchboard.turns");
        responder.Fail(new InvalidOperationException());
        using var response = await host.PostAsync(outcome switch
        {
            // An id that nobody configured: the tag is the configured model, for anybody may send any id.
            "completed" => Json.Request("some-other-id"),
            "failed" => Json.Request("fake"),
            _ => """{"model":"demo","messages":5}""",
        });
        await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        await host.WaitForTurnEndAsync();

        var turn = Assert.Single(turns.GetMeasurementSnapshot());
        Assert.Equal(1, turn.Value);
        Assert.Equal("{turn}", turns.Instrument!.Unit);
        Assert.Equal(error is null ? [("model", model), ("outcome", outcome)] : [("error.type", error), ("model", model), ("outcome", outcome)], Tags(turn.Tags));
    }

    [Fact]
    public async Task OpenTurns_WhileOneStreams_IsOneAndThenZero()
    {
        var responder = new GatedChatClient();
        await using var host = await TestHost.StartAsync(responder);
        using var open = Collect<int>(host, "switchboard.turns.open");
        responder.Say("word");
        using var stream = await EventReader.OpenAsync(await host.PostAsync(Json.Request("fake")));
        Assert.Equal(1, open.GetMeasurementSnapshot().EvaluateAsCounter());

        responder.End();
        await stream.RestAsync();
        await host.WaitForTurnEndAsync();

        Assert.Equal(0, open.GetMeasurementSnapshot().EvaluateAsCounter());
    }

    [Fact]
    public async Task KeyAge_KeysInConfiguration_IsZeroSeconds()
    {
        await using var host = await TestHost.StartAsync();
        using var age = Collect<double>(host, "switchboard.keys.age");

        age.RecordObservableInstruments();

        Assert.Equal(0, Assert.Single(age.GetMeasurementSnapshot()).Value);
        Assert.Equal("s", age.Instrument!.Unit);
    }

    [Fact]
    public async Task Turn_Traced_HasAnActivityWithTheResponderBelowIt()
    {
        var call = $"call-{Guid.NewGuid():N}";
        var ended = new List<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is SwitchboardSource.Name or SwitchboardSource.GenAI,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity =>
            {
                lock (ended)
                {
                    ended.Add(activity);
                }
            },
        };
        ActivitySource.AddActivityListener(listener);
        await using var host = await TestHost.StartAsync();
        using var response = await host.PostAsync(Json.Request(said: "secret-words", more: $$""","extendData":{"instanceId":"{{call}}"}"""));
        await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        await host.WaitForTurnEndAsync();

        Activity turn;
        Activity chat;
        lock (ended)
        {
            turn = ended.Single(activity => (string?)activity.GetTagItem("switchboard.call") == call);
            chat = ended.Single(activity => activity.ParentSpanId == turn.SpanId);
        }

        Assert.Equal("switchboard.turn", turn.OperationName);
        Assert.Equal("completed", turn.GetTagItem("switchboard.outcome"));
        Assert.Equal("demo", turn.GetTagItem("switchboard.model"));
        Assert.Equal("chat", chat.GetTagItem("gen_ai.operation.name"));
        Assert.DoesNotContain(turn.TagObjects.Concat(chat.TagObjects), tag => tag.Value?.ToString()?.Contains("secret-words", StringComparison.Ordinal) is true);
    }

    [Fact]
    public async Task Turn_ModelIdThatNobodyConfigured_IsNoTagAnywhere()
    {
        var configured = $"model-{Guid.NewGuid():N}";
        var requested = $"requested-{Guid.NewGuid():N}";
        var tags = new System.Collections.Concurrent.ConcurrentBag<string>();
        using var activities = new ActivityListener
        {
            ShouldListenTo = source => source.Name is SwitchboardSource.Name or SwitchboardSource.GenAI,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity => tags.Add($"{activity.DisplayName} {string.Join(' ', activity.TagObjects)}"),
        };
        ActivitySource.AddActivityListener(activities);
        using var meters = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name is SwitchboardSource.Name or SwitchboardSource.GenAI)
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        meters.SetMeasurementEventCallback<long>((_, _, tagged, _) => tags.Add(string.Join(' ', tagged.ToArray())));
        meters.SetMeasurementEventCallback<int>((_, _, tagged, _) => tags.Add(string.Join(' ', tagged.ToArray())));
        meters.SetMeasurementEventCallback<double>((_, _, tagged, _) => tags.Add(string.Join(' ', tagged.ToArray())));
        meters.Start();
        await using var host = await TestHost.StartAsync(settings: new Dictionary<string, string?> { ["Models:0:Id"] = configured });

        using var response = await host.PostAsync(Json.Request(requested));
        Assert.Contains(requested, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        await host.WaitForTurnEndAsync();

        Assert.Contains(tags, tag => tag.Contains($"chat {configured}", StringComparison.Ordinal));
        Assert.Contains(tags, tag => tag.Contains($"[gen_ai.request.model, {configured}]", StringComparison.Ordinal));
        Assert.DoesNotContain(tags, tag => tag.Contains(requested, StringComparison.Ordinal));
    }

    private static MetricCollector<T> Collect<T>(TestHost host, string instrument)
        where T : struct =>
        new(host.Services.GetRequiredService<IMeterFactory>(), SwitchboardSource.Name, instrument);

    private static IEnumerable<(string Name, string? Value)> Tags(IReadOnlyDictionary<string, object?> tags) =>
        tags.Select(tag => (tag.Key, tag.Value?.ToString())).Order();
}
