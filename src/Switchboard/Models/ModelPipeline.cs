using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Switchboard.Actions;
using Switchboard.Common;
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
internal sealed partial class ModelPipeline(
    TelemetryOptions telemetry,
    Circuits circuits,
    IEnumerable<ResponderRegistration> registered,
    TimeProvider time,
    ILoggerFactory loggers,
    IServiceProvider services)
{
    // What answers for a model: each client with the name that logs give it, in the order in which they are asked.
    private static readonly OrderedDictionary<string, Func<IServiceProvider, ModelOptions, PartUse, IReadOnlyList<KeyValuePair<string, IChatClient>>>> BuiltIn = new(StringComparer.Ordinal)
    {
        [SimulatedChatClient.Name] = (services, model, _) => [new(model.Responder, new SimulatedChatClient(model.Simulated, services.GetRequiredService<TimeProvider>()))],
        [ScriptedChatClient.Name] = (services, model, _) =>
            [new(model.Responder, new ScriptedChatClient(model.Id, model.Script, services.GetRequiredService<ILogger<ScriptedChatClient>>()))],
        // Only now: an app without upstreams loads no Azure assembly, which the source of their tokens has in its constructor.
        [UpstreamChatClient.Name] = (services, model, parts) =>
        {
            var clients = services.GetRequiredService<UpstreamClients>();
            return [.. model.Upstreams.Select((upstream, index) => KeyValuePair.Create<string, IChatClient>(
                upstream.BaseUrl!.Authority, new KeptClient(parts.Take(KeptParts.KeyOf(model.Id, upstream), () => clients.Create(model.Id, upstream, index), clients.Remove))))];
        },
    };

    /// <summary>The names of the built-in responders.</summary>
    public static IReadOnlyList<string> BuiltInResponders => BuiltIn.Keys;

    /// <summary>Builds the pipeline of a model, from the responder outwards.</summary>
    /// <param name="model">The model, checked.</param>
    /// <param name="parts">What it may have in common with the pipeline of another version of its settings.</param>
    public IChatClient Build(ModelOptions model, PartUse parts)
    {
        IChatClient pipeline = FirstSpeech(model, parts);
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
                Connections(model, parts),
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

    private IReadOnlyList<McpConnection> Connections(ModelOptions model, PartUse parts)
    {
        var connections = services.GetRequiredService<McpConnections>();
        return [.. model.Tools.Mcp.Select(server => parts.Take(KeptParts.KeyOf(model.Id, server), () => connections.Create(model.Id, server), connections.Remove))];
    }

    private FirstSpeechChatClient FirstSpeech(ModelOptions model, PartUse parts)
    {
        var responders = Responders(model, parts);
        var isUpstream = model.Responder == UpstreamChatClient.Name;
        Route[] routes = [.. responders.Select((responder, index) => new Route(
            new ResponderName(responder.Key, isUpstream), Speaking(responder.Value, model), isUpstream ? CircuitOf(model.Id, model.Upstreams[index], parts) : null))];
        return new FirstSpeechChatClient(model.Id, routes, model.FirstSpeech.WithStall(model.StallTimeout), time, loggers.CreateLogger<FirstSpeechChatClient>());
    }

    private Circuit CircuitOf(string modelId, UpstreamOptions upstream, PartUse parts) =>
        parts.Take(KeptParts.KeyOf(modelId, upstream), () => circuits.Create(new ResponderName(upstream.BaseUrl!.Authority, IsUpstream: true)), circuits.Remove);

    // Next to the responder, so that all the steps judge by what is heard: thoughts in the text are no first speech and no goodbye.
    private IChatClient Speaking(IChatClient responder, ModelOptions model)
    {
        var traced = new TracedChatClient(responder, telemetry.MessageContent);
        return model.SpokenText ? new SpokenTextChatClient(traced, new SpokenTextOptions { CodePhrase = model.CodePhrase, SpeechTags = [.. model.SpeechTags] }) : traced;
    }

    private IReadOnlyList<KeyValuePair<string, IChatClient>> Responders(ModelOptions model, PartUse parts) => BuiltIn.TryGetValue(model.Responder, out var create)
        ? create(services, model, parts)
        // One for each model as long as it names it: a responder may remember its calls.
        : [new(model.Responder, new KeptClient(parts.Take(
            KeptParts.KeyOf(model.Id, model.Responder), () => registered.Single(responder => responder.Name == model.Responder).Create(services), client => LetGo(model.Id, client))))];

    // What somebody else has written must not keep what comes after it.
    private void LetGo(string modelId, IChatClient client)
    {
        try
        {
            client.Dispose();
        }
        catch (Exception failure)
        {
            var described = FailureText.Describe(failure);
            NotLetGo(loggers.CreateLogger<ModelPipeline>(), modelId, described);
        }
    }

    [LoggerMessage(EventId = 709, Level = LogLevel.Warning, Message = "Model {Model}: its responder failed when it was let go: {Failure}")]
    private static partial void NotLetGo(ILogger logger, LogText model, FailureText failure);

    private static IEnumerable<string?> Done(ModelOptions model) => model.Responder == ScriptedChatClient.Name ? model.Script.Select(rule => rule.Do) : [];

    // What a script says is the operator's own.
    private static string[]? WrittenReplies(ModelOptions model) =>
        model.Responder == ScriptedChatClient.Name ? [.. model.Script.Select(rule => rule.Say ?? "")] : null;
}
