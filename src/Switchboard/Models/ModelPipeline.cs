using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Switchboard.Actions;
using Switchboard.Contract;
using Switchboard.Failover;
using Switchboard.Memory;
using Switchboard.Responders;
using Switchboard.Speech;
using Switchboard.Steps;
using Switchboard.Templates;
using Switchboard.Tools;
using Switchboard.Upstream;

namespace Switchboard.Models;

/// <summary>The order in which the steps of a turn stand around what answers for a model.</summary>
internal sealed class ModelPipeline(
    TelemetryOptions telemetry,
    Circuits circuits,
    IEnumerable<ResponderRegistration> registered,
    TimeProvider time,
    ILoggerFactory loggers,
    IServiceProvider services)
{
    // What answers for a model: each client with the name that logs give it, in the order in which they are asked.
    private static readonly OrderedDictionary<string, Func<IServiceProvider, ModelOptions, IReadOnlyList<KeyValuePair<string, IChatClient>>>> BuiltIn = new(StringComparer.Ordinal)
    {
        [SimulatedChatClient.Name] = (services, model) => [new(model.Responder, new SimulatedChatClient(model.Simulated, services.GetRequiredService<TimeProvider>()))],
        [ScriptedChatClient.Name] = (services, model) =>
            [new(model.Responder, new ScriptedChatClient(model.Id, model.Script, services.GetRequiredService<ILogger<ScriptedChatClient>>()))],
        // Only now: an app without upstreams loads no Azure assembly, which the source of their tokens has in its constructor.
        [UpstreamChatClient.Name] = (services, model) => services.GetRequiredService<UpstreamClients>().Create(model.Id, model.Upstreams),
    };

    /// <summary>The names of the built-in responders.</summary>
    public static IReadOnlyList<string> BuiltInResponders => BuiltIn.Keys;

    /// <summary>Builds the pipeline of a model, from the responder outwards.</summary>
    public IChatClient Build(ModelOptions model)
    {
        IChatClient pipeline = FirstSpeech(model);
        pipeline = new HistoryChatClient(pipeline, model.History);
        if (!string.IsNullOrWhiteSpace(model.Prompt))
        {
            pipeline = new PromptChatClient(pipeline, new PromptTemplate(model.Prompt, model.TimeZone, time));
        }

        var hasTools = model.Tools.Mcp.Count > 0;
        if (model.Responder == UpstreamChatClient.Name)
        {
            pipeline = new CheckedCallsChatClient(
                pipeline, model.Actions.DistinctBy(action => action.Name).ToDictionary(action => action.Name, CallAction.FunctionOf), hasTools, loggers.CreateLogger<CheckedCallsChatClient>());
        }

        if (hasTools)
        {
            pipeline = new McpToolsChatClient(
                pipeline,
                services.GetRequiredService<McpConnections>().Create(model.Id, model.Tools),
                model.Id,
                model.Tools.MaxRounds,
                services.GetRequiredService<CallMemory>(),
                loggers.CreateLogger<McpToolsChatClient>());
        }

        // Also where there are no actions: no other transfer may go out than those of the settings.
        pipeline = new CallActionsChatClient(
            pipeline, [.. CallActions.Create(model.Actions, Done(model))], hasTools, loggers.CreateLogger<CallActionsChatClient>(), WrittenReplies(model), time);
        pipeline = new ApologyChatClient(pipeline, model.Apology);
        if (model.Filler.Pace is { } pace)
        {
            pipeline = new FillerChatClient(pipeline, pace, new FillerPhrases(model.Filler.Text), time);
        }

        // Outermost: a directive leads whatever is said first, and no step sees a mark that the caller said.
        return new DirectivesChatClient(pipeline, model.Directives);
    }

    private FirstSpeechChatClient FirstSpeech(ModelOptions model)
    {
        var responders = Responders(model);
        var isUpstream = model.Responder == UpstreamChatClient.Name;
        Route[] routes = [.. responders.Select(responder => Route(new ResponderName(responder.Key, isUpstream), Speaking(responder.Value, model)))];
        return new FirstSpeechChatClient(model.Id, routes, model.FirstSpeech.WithStall(model.StallTimeout), time, loggers.CreateLogger<FirstSpeechChatClient>());
    }

    private Route Route(ResponderName name, IChatClient client) => new(name, client, name.IsUpstream ? circuits.Create(name) : null);

    // Next to the responder, so that all the steps judge by what is heard: thoughts in the text are no first speech and no goodbye.
    private IChatClient Speaking(IChatClient responder, ModelOptions model)
    {
        var traced = new TracedChatClient(responder, telemetry.MessageContent);
        return model.SpokenText ? new SpokenTextChatClient(traced, new SpokenTextOptions { CodePhrase = model.CodePhrase, SpeechTags = [.. model.SpeechTags] }) : traced;
    }

    private IReadOnlyList<KeyValuePair<string, IChatClient>> Responders(ModelOptions model) => BuiltIn.TryGetValue(model.Responder, out var create)
        ? create(services, model)
        : [new(model.Responder, registered.Single(responder => responder.Name == model.Responder).Create(services))];

    private static IEnumerable<string?> Done(ModelOptions model) => model.Responder == ScriptedChatClient.Name ? model.Script.Select(rule => rule.Do) : [];

    // What a script says is the operator's own.
    private static string[]? WrittenReplies(ModelOptions model) =>
        model.Responder == ScriptedChatClient.Name ? [.. model.Script.Select(rule => rule.Say ?? "")] : null;
}
