using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using Switchboard.Actions;
using Switchboard.Common;
using Switchboard.Failover;
using Switchboard.Platforms;
using Switchboard.Responders;
using Switchboard.Steps;
using Switchboard.Tools;
using Switchboard.Upstream;

namespace Switchboard.Models;

/// <summary>One model id and what answers for it: an entry of the list <c>Models</c>.</summary>
public sealed class ModelOptions
{
    /// <summary>The model id that the platform sends as <c>model</c>. Required; compared to the letter.</summary>
    [Required]
    public string Id { get; set; } = "";

    /// <summary>Whether this model also answers ids that nobody configured. Default false; at most one model has it.</summary>
    public bool Default { get; set; }

    /// <summary>
    /// The platform that asks for this model, such as <c>pipecat</c>: its dialect, whatever a request looks like; <c>openai</c> for none. Default none:
    /// the platform is recognised by each request.
    /// </summary>
    public string? Platform { get; set; }

    /// <summary>What answers: <c>simulated</c> (the default), <c>scripted</c>, <c>upstream</c>, or a name given to <c>AddResponder</c>.</summary>
    [Required]
    public string Responder { get; set; } = SimulatedChatClient.Name;

    /// <summary>What requests may ask of it.</summary>
    [ValidateObjectMembers]
    public AcceptOptions Accept { get; set; } = new();

    /// <summary>What the responder <c>simulated</c> says.</summary>
    [ValidateObjectMembers]
    public SimulatedOptions Simulated { get; set; } = new();

    /// <summary>The rules of the responder <c>scripted</c>, in order: the first that matches answers.</summary>
    public IList<ScriptRule> Script { get; } = [];

    /// <summary>The services that the responder <c>upstream</c> asks, in order.</summary>
    [ValidateEnumeratedItems]
    public IList<UpstreamOptions> Upstreams { get; } = [];

    /// <summary>How long the caller may wait for the first word.</summary>
    [ValidateObjectMembers]
    public FirstSpeechOptions FirstSpeech { get; set; } = new();

    /// <summary>The longest silence inside an answer; then it ends with what was said, or the apology. Default 00:00:10.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:02:00")]
    public TimeSpan StallTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>What is said while the answer is awaited.</summary>
    [ValidateObjectMembers]
    public FillerOptions Filler { get; set; } = new();

    /// <summary>Whether what must not be read aloud is taken out: markdown, reasoning, emoji, link targets. Default true.</summary>
    public bool SpokenText { get; set; } = true;

    /// <summary>What is said for a block of fenced code. Default none: the block is passed over in silence.</summary>
    [Spoken]
    public string? CodePhrase { get; set; }

    /// <summary>
    /// With <see cref="SpokenText"/>: the names of tags that go to the voice as they are written, such as <c>break</c> and <c>spell</c>, up to
    /// 64 letters, digits, hyphens and colons each. Default none: all tags are dropped. See https://docs.cartesia.ai/build-with-cartesia/sonic-3/ssml-tags.
    /// </summary>
    public IList<string> SpeechTags { get; } = [];

    /// <summary>What is said in the place of any failure. Default none: the client gets the error.</summary>
    [Spoken]
    public string? Apology { get; set; }

    /// <summary>Directives of the IMS workflow that lead every answer.</summary>
    public DirectivesOptions Directives { get; set; } = new();

    /// <summary>How Agora speaks the answers. Default as it is set there.</summary>
    public AgoraOptions Agora { get; set; } = new();

    /// <summary>
    /// The system prompt, a Handlebars template: <c>{{userData.name}}</c>, <c>{{callerNumber}}</c> and the like come from the call,
    /// <c>{{localTime}}</c>, <c>{{localDate}}</c> and <c>{{weekday}}</c> from the clock. Default none.
    /// </summary>
    public string? Prompt { get; set; }

    /// <summary>
    /// In the place of <see cref="Prompt"/>: the file that holds it, below the folder of <c>switchboard.json</c>, such as <c>prompts/reception.md</c>. UTF-8, at most
    /// 256 KiB. Default none.
    /// </summary>
    public string? PromptFile { get; set; }

    /// <summary>The zone of <c>{{localTime}}</c>, by its IANA name. Default UTC.</summary>
    [Required]
    public string TimeZone { get; set; } = "UTC";

    /// <summary>How much of the conversation the responder sees.</summary>
    [ValidateObjectMembers]
    public HistoryOptions History { get; set; } = new();

    /// <summary>The call actions that the responder is offered as tools. Default none.</summary>
    [ValidateEnumeratedItems]
    public IList<ActionOptions> Actions { get; } = [];

    /// <summary>Tools that run here, between the responder and the caller.</summary>
    [ValidateObjectMembers]
    public ToolsOptions Tools { get; set; } = new();
}
