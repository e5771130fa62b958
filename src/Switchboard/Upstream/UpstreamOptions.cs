using System.ComponentModel.DataAnnotations;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Options;
using Switchboard.Contract;

namespace Switchboard.Upstream;

/// <summary>One OpenAI-compatible service: an entry of <c>Models:n:Upstreams</c>. It has at most one of the three credentials.</summary>
public sealed class UpstreamOptions
{
    /// <summary>
    /// Where the API begins, such as <c>https://api.openai.com/v1</c> or <c>https://name.openai.azure.com/openai/v1</c>;
    /// <c>/chat/completions</c> is appended, a query is kept. Required; http or https.
    /// </summary>
    [Required]
    public Uri? BaseUrl { get; set; }

    /// <summary>The model or deployment to ask for. Default: the model id of this entry of <c>Models</c>.</summary>
    public string? Model { get; set; }

    /// <summary>The key, sent as <c>Authorization: Bearer</c>. Default none. Prefer a secret or an identity.</summary>
    public string? ApiKey { get; set; }

    /// <summary>The name of the Key Vault secret that holds the key. Default none; it needs <c>Access:KeyVault</c>.</summary>
    [RegularExpression("[0-9A-Za-z-]{1,127}", ErrorMessage = "expected 1 to 127 letters, digits and hyphens.")]
    public string? ApiKeySecret { get; set; }

    /// <summary><c>entra</c> asks with a token of this app's identity, for Azure OpenAI. Default none.</summary>
    public UpstreamCredential? Credential { get; set; }

    /// <summary>The scope of that token. Default <c>https://cognitiveservices.azure.com/.default</c>, Azure OpenAI's.</summary>
    [Required]
    public string CredentialScope { get; set; } = "https://cognitiveservices.azure.com/.default";

    /// <summary>The service, whose ways are then heeded. Default by the host of <see cref="BaseUrl"/>.</summary>
    public UpstreamService? Profile { get; set; }

    /// <summary>
    /// Whether the model thinks before it speaks. Default <see cref="UpstreamThinking.Off"/>; where <see cref="ReasoningEffort"/> is set,
    /// <see cref="UpstreamThinking.Default"/>; and nothing is sent for it to a service that is not known.
    /// </summary>
    public UpstreamThinking? Thinking { get; set; }

    /// <summary>The field that carries the limit of an answer's tokens. Default the profile's.</summary>
    public TokenLimitField? TokenLimitField { get; set; }

    /// <summary>The sampling temperature; wins over the platform's, as all of the following do. Default the platform's.</summary>
    [Range(0d, 2d)]
    public double? Temperature { get; set; }

    /// <summary>The share of probability that is sampled from. Default the platform's.</summary>
    [Range(0d, 1d)]
    public double? TopP { get; set; }

    /// <summary>The most tokens of an answer. Default the platform's.</summary>
    [Range(1, int.MaxValue)]
    public int? MaxTokens { get; set; }

    /// <summary>How much the model thinks, in the service's words. Default none.</summary>
    public string? ReasoningEffort { get; set; }

    /// <summary>How much it says, in the service's words. Default none.</summary>
    public string? Verbosity { get; set; }

    /// <summary>How fast it is served, in the service's words. Default none.</summary>
    public string? ServiceTier { get; set; }

    /// <summary>What requests with the same beginning have in common, for its cache. Default the model's id where the service has the field.</summary>
    public string? PromptCacheKey { get; set; }

    /// <summary>A JSON object with whatever else is to be sent, merged in last. Default none.</summary>
    [StringSyntax(StringSyntaxAttribute.Json)]
    public string? Body { get; set; }

    /// <summary>Fields of the request that are never sent. Default none.</summary>
    public IList<string> Omit { get; } = [];

    /// <summary>Headers that are sent beside. Default none.</summary>
    [ValidateEnumeratedItems]
    public IList<UpstreamHeader> Headers { get; } = [];

    /// <summary>Which of the platform's fields that say who calls are sent on. Default none.</summary>
    public IList<string> Forward { get; } = [];

    /// <summary>What its tokens cost. Default: that is not known, and its answers have no cost.</summary>
    public PriceOptions Price { get; set; } = new();

    /// <summary>The model to ask for.</summary>
    /// <param name="modelId">The id of this entry of <c>Models</c>.</param>
    internal string ModelOr(string modelId) => Model is { Length: > 0 } name ? name : modelId;
}

/// <summary>
/// What a million tokens of an upstream cost: <c>Models:n:Upstreams:m:Price</c>, in whichever currency, the same for all upstreams, since costs are added up. Either
/// nothing is set, or <see cref="Prompt"/> and <see cref="Completion"/> are.
/// </summary>
public sealed class PriceOptions
{
    /// <summary>Of the prompt, per million tokens. Default none.</summary>
    public decimal? Prompt { get; set; }

    /// <summary>Of those tokens of the prompt that the upstream remembered from an earlier request, per million. Default as <see cref="Prompt"/>.</summary>
    public decimal? Cached { get; set; }

    /// <summary>Of the answer, its thoughts included, per million tokens. Default none.</summary>
    public decimal? Completion { get; set; }

    /// <summary>The price; null where none is set.</summary>
    internal TokenPrice? PerMillion => this is { Prompt: { } prompt, Completion: { } completion } ? new(prompt, Cached ?? prompt, completion) : null;
}

/// <summary>A header of every request to an upstream: an entry of <c>Models:n:Upstreams:m:Headers</c>. It has one of the two values.</summary>
public sealed class UpstreamHeader
{
    /// <summary>Its name. Required.</summary>
    [Required]
    public string Name { get; set; } = "";

    /// <summary>Its value, of printable ASCII characters. Default none.</summary>
    public string? Value { get; set; }

    /// <summary>The name of the Key Vault secret that holds it. Default none; it needs <c>Access:KeyVault</c>.</summary>
    [RegularExpression("[0-9A-Za-z-]{1,127}", ErrorMessage = "expected 1 to 127 letters, digits and hyphens.")]
    public string? Secret { get; set; }
}

/// <summary>How a key is had that no configuration holds.</summary>
public enum UpstreamCredential
{
    /// <summary>A Microsoft Entra ID token of this app's identity, from <c>DefaultAzureCredential</c>.</summary>
    Entra,
}

/// <summary>The two names of one parameter: how many tokens an answer may have.</summary>
public enum TokenLimitField
{
    /// <summary><c>max_completion_tokens</c>: OpenAI and Azure OpenAI, whose reasoning models refuse the older name.</summary>
    MaxCompletionTokens,

    /// <summary><c>max_tokens</c>: servers that know only the older name and would pass over the limit (Ollama, DeepSeek, DashScope).</summary>
    MaxTokens,
}
