using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Polly;
using Switchboard.Actions;
using Switchboard.Contract;
using Switchboard.Failover;
using Switchboard.Hosting;
using Switchboard.Speech;
using Switchboard.Steps;
using Switchboard.Tools;
using Switchboard.Upstream;

namespace Switchboard.Models;

/// <summary>Puts the steps of a turn around what answers for a model.</summary>
internal sealed class ModelPipelines(IOptions<SwitchboardOptions> options, TimeProvider time, ILogger<FirstSpeechChatClient> logger, IServiceProvider services)
{
    private readonly bool _withContent = options.Value.Telemetry.MessageContent;

    /// <param name="model">The model.</param>
    /// <param name="clients">What answers for it, by name; the first is asked first.</param>
    public IChatClient Build(ModelOptions model, IReadOnlyList<KeyValuePair<string, IChatClient>> clients)
    {
        var timeouts = new AnswerTimeouts(model.FirstSpeech.Deadline, model.FirstSpeech.HedgeAfter, model.StallTimeout);
        var isUpstream = model.Responder == UpstreamChatClient.Name;
        Route[] routes = [.. clients.Select(client => new Route(
            new ResponderName(client.Key, isUpstream), Speakable(client.Value, model), clients.Count > 1 ? Circuits.Create(time) : ResiliencePipeline.Empty))];
        IChatClient pipeline = new FirstSpeechChatClient(model.Id, routes, timeouts, time, logger);
        pipeline = pipeline.AsBuilder()
            .UseCallActions(model)
            .UseMcpTools(model.Id, model.Tools)
            .UsePrompt(model.Prompt, model.TimeZone)
            .UseHistory(model.History)
            .Build(services);
        pipeline = new ApologyChatClient(pipeline, model.Apology);
        pipeline = model.Filler.After is { } after ? new FillerChatClient(pipeline, after, new FillerPhrases(model.Filler.Text), time) : pipeline;
        // Outermost: a directive leads whatever is said first, and no step sees a mark that the caller said.
        return pipeline.AsBuilder().UseDirectives(model.Directives).Build(services);
    }

    // Innermost, so that all the steps judge by what is heard: thoughts in the text are no first speech and no goodbye.
    private IChatClient Speakable(IChatClient client, ModelOptions model)
    {
        var listened = new ListenedChatClient(client, _withContent);
        return model.SpokenText ? new SpokenTextChatClient(listened, new SpokenTextOptions { CodePhrase = model.CodePhrase }) : listened;
    }
}
