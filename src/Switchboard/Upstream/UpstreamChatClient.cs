using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Switchboard.Common;
using Switchboard.Contract;
using Switchboard.Vault;

namespace Switchboard.Upstream;

/// <summary>
/// The responder <c>upstream</c>: asks one OpenAI-compatible service. An answer ends with the update that has the finish reason, and
/// perhaps one with the usage; an answer that is not whole ends with an <see cref="ResponderException"/> after all that came of it.
/// </summary>
/// <param name="http">A client whose handler is <see cref="UpstreamHttp"/>'s.</param>
/// <param name="anew">Another one, whose every request has a new connection.</param>
/// <param name="options">The upstream, checked.</param>
/// <param name="modelId">The id of the model that it answers for. The one of a request is the platform's and never sent on.</param>
/// <param name="bearer">Gives the key or token.</param>
/// <param name="time">Dates <c>Retry-After</c> and bounds the warm-up.</param>
/// <param name="logger">For what no turn tells; failures of turns are logged where the turn ends.</param>
/// <param name="headers">Give the values of the headers that are sent beside.</param>
internal sealed class UpstreamChatClient(
    HttpClient http,
    HttpClient anew,
    UpstreamOptions options,
    string modelId,
    BearerSource bearer,
    TimeProvider time,
    ILogger<UpstreamChatClient> logger,
    params IReadOnlyList<KeyValuePair<string, BearerSource>> headers) : StreamingChatClient
{
    public const string Name = ResponderNames.Upstream;

    private static readonly TimeSpan WarmTimeout = TimeSpan.FromSeconds(10);

    private readonly Uri _endpoint = Endpoint(options.BaseUrl!);
    private readonly ChatClientMetadata _metadata = new("openai", options.BaseUrl, options.ModelOr(modelId));
    private readonly RequestShape _shape = Shape(options, modelId);
    private readonly string _upstream = options.BaseUrl!.Authority;
    private readonly TokenPrice? _price = options.Price.PerMillion;
    private readonly UpstreamFailures _failures = new(options.BaseUrl!.Authority, time);
    private readonly UpstreamLessons _lessons = new(time);
    private long _connected = time.GetTimestamp();

    /// <summary>The upstream.</summary>
    public UpstreamOptions Options => options;

    /// <summary>The id of the model that it answers for.</summary>
    public string ModelId => modelId;

    /// <summary>Where among the upstreams of the model it stood when it was made.</summary>
    public int Index { get; init; }

    /// <summary>The variable that gives it a key.</summary>
    public string KeyVariable => string.Create(CultureInfo.InvariantCulture, $"Models__{SettingText.AsVariable(modelId)}__Upstreams__{Index}__ApiKey");

    /// <summary>The same for clients that share connections and tokens.</summary>
    public (string Address, string? Scope) WarmKey { get; } =
        (options.BaseUrl!.GetLeftPart(UriPartial.Authority), options.Credential is UpstreamCredential.Entra ? options.CredentialScope : null);

    /// <summary>How long there is a connection for the next turn: until the newest one is given up. When that cannot be known, as long as one lasts.</summary>
    public TimeSpan WarmFor =>
        UpstreamHttp.ConnectionLifetime - time.GetElapsedTime(Interlocked.Read(ref _connected)) is { Ticks: > 0 } left ? left : UpstreamHttp.ConnectionLifetime;

    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? chatOptions = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var (response, shape) = await AskAsync(messages as IReadOnlyCollection<ChatMessage> ?? [.. messages], chatOptions, cancellationToken);
        var chunks = new ChunkReader(shape.WantsThoughts, shape.SendsCumulativeDeltas);
        var asking = TurnNotes.Of(chatOptions).Spending.Begin(_upstream, _price);
        await using var answer = await UpstreamAnswer.OpenAsync(response, chunks, _failures, time, cancellationToken);
        try
        {
            while (true)
            {
                try
                {
                    await answer.WaitAsync();
                }
                catch (Exception failure) when (UpstreamFailures.IsOfBody(failure))
                {
                    answer.Fail(failure, cancellationToken);
                }

                if (await answer.ReadAsync(cancellationToken) is not { } update)
                {
                    yield break;
                }

                // Already here: one that is abandoned for another is cleaned up when the turn may be over.
                asking.Usage = chunks.Usage;
                yield return update;
            }
        }
        finally
        {
            // Also of an answer that failed, or whose usage came with its end.
            asking.Usage = chunks.Usage;
        }
    }

    /// <summary>Opens a connection and gets the token before the next caller needs them. It never fails; the first turn would.</summary>
    public async Task WarmAsync(CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(WarmTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        // Apart: a secret that is not loaded yet is no reason to have no connection.
        await Task.WhenAll(TryAsync(GetTokenAsync), TryAsync(ConnectAsync));

        async Task TryAsync(Func<CancellationToken, Task> warm)
        {
            try
            {
                await warm(either.Token);
            }
            catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
            {
                var described = FailureText.Describe(failure);
                UpstreamLog.NotWarmed(logger, _upstream, described);
            }
        }
    }

    /// <summary>What a request would show of us now.</summary>
    /// <inheritdoc cref="UpstreamSecrets.GetAsync" path="/exception"/>
    public ValueTask<UpstreamSecrets> SecretsAsync(CancellationToken cancellationToken) => UpstreamSecrets.GetAsync(bearer, headers, cancellationToken);

    public override object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is null && serviceType == typeof(ChatClientMetadata) ? _metadata : base.GetService(serviceType, serviceKey);

    private static RequestShape Shape(UpstreamOptions options, string modelId)
    {
        var model = options.ModelOr(modelId);
        return UpstreamShapes.Of(options, UpstreamProfiles.Of(options, model), model, modelId);
    }

    private static Uri Endpoint(Uri baseUrl)
    {
        var endpoint = new UriBuilder(baseUrl);
        endpoint.Path = $"{endpoint.Path.TrimEnd('/')}/chat/completions";
        return endpoint.Uri;
    }

    // ALPN decides over https; without TLS it is HTTP/1.1.
    private static HttpRequestMessage Request(HttpMethod method, Uri address) =>
        new(method, address) { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionOrLower };

    private async Task GetTokenAsync(CancellationToken cancellationToken) => _ = await bearer(cancellationToken);

    // Without the key: to be connected is all that is wanted.
    private async Task ConnectAsync(CancellationToken cancellationToken)
    {
        using var request = Request(HttpMethod.Head, options.BaseUrl!);
        using var response = await SendAsync(http, request, new UpstreamSending(), cancellationToken);
        UpstreamLog.Warmed(logger, _upstream, response.Version);
    }

    // Asks again, at once, as long as a refusal says how it wants to be asked. Nothing is kept of what did not help: of what is refused all the
    // same, in the same words or in others that name nothing.
    private async Task<(HttpResponseMessage Response, RequestShape Shape)> AskAsync(
        IReadOnlyCollection<ChatMessage> messages, ChatOptions? chatOptions, CancellationToken cancellationToken)
    {
        var turn = TurnOptions.LoggerOf(logger, chatOptions);
        var authorization = await AuthorizeAsync(cancellationToken);
        var hasTools = chatOptions?.Tools is { Count: > 0 };
        var shape = _lessons.Shape(_shape, hasTools);
        var body = Write(shape);
        if (_lessons.Shape(shape, body.WrittenMemory, hasTools) is var fitting && fitting != shape)
        {
            shape = fitting;
            body = Write(shape);
        }

        var taught = new List<UpstreamLesson>();
        var said = Array.Empty<byte>();
        while (true)
        {
            HttpResponseMessage response;
            try
            {
                response = await AskAsync(body.WrittenMemory, authorization, turn, cancellationToken);
            }
            catch (Exception)
            {
                // Too late, or out of reach: unless the next turn begins with it, every turn may be too late.
                Learn(taught, turn);
                throw;
            }

            if (response.StatusCode is not (HttpStatusCode.BadRequest or HttpStatusCode.UnprocessableEntity))
            {
                Learn(taught, turn);
            }

            if (response.IsSuccessStatusCode)
            {
                return (response, shape);
            }

            var (report, text) = await UpstreamErrorBody.ReadAsync(response, time, cancellationToken);
            var asked = body;
            if (response.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.UnprocessableEntity)
            {
                var lessons = UpstreamRefusal.Read(text, asked.WrittenMemory, shape);
                if (lessons.Count > 0 && !text.AsSpan().SequenceEqual(said))
                {
                    Learn(taught, turn);
                }

                said = text;
                UpstreamLesson[] next = [.. lessons.Take(UpstreamLessons.MaxOfRequest - taught.Count)];
                taught.AddRange(next);
                shape = next.Aggregate(shape, (before, lesson) => lesson.Apply(before));
                body = Write(shape);
            }

            if (body.WrittenSpan.SequenceEqual(asked.WrittenSpan))
            {
                throw _failures.OfStatus(response, authorization.Without(report));
            }
        }

        ArrayBufferWriter<byte> Write(RequestShape shape)
        {
            var written = new ArrayBufferWriter<byte>();
            CompletionRequestWriter.Write(written, shape, messages, chatOptions);
            return written;
        }
    }

    private void Learn(List<UpstreamLesson> taught, ILogger turn)
    {
        foreach (var lesson in taught)
        {
            if (_lessons.Learn(lesson))
            {
                UpstreamLog.Taught(turn, _upstream, modelId, lesson.Field, lesson.Change, lesson.Setting);
            }
        }
    }

    private async Task<HttpResponseMessage> AskAsync(ReadOnlyMemory<byte> body, UpstreamSecrets authorization, ILogger turn, CancellationToken cancellationToken)
    {
        try
        {
            return await SendAsync(body, authorization, turn, cancellationToken);
        }
        catch (Exception failure) when (failure is HttpRequestException or OperationCanceledException or IOException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw _failures.OfRequest(failure);
        }
    }

    private async Task<UpstreamSecrets> AuthorizeAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await SecretsAsync(cancellationToken);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            throw _failures.Of(ResponderFailure.Credential, failure is UnsendableSecretException ? null : failure);
        }
    }

    private async Task<HttpResponseMessage> SendAsync(ReadOnlyMemory<byte> body, UpstreamSecrets authorization, ILogger turn, CancellationToken cancellationToken)
    {
        var sending = new UpstreamSending();
        try
        {
            using var request = Question(body, authorization);
            return await SendAsync(http, request, sending, cancellationToken);
        }
        catch (HttpRequestException failure) when (!cancellationToken.IsCancellationRequested && sending.WasNotAnswered(failure))
        {
            UpstreamLog.SentAgain(turn, _upstream);
        }

        // Other kept connections may have been closed as well.
        using var again = Question(body, authorization);
        return await SendAsync(anew, again, new UpstreamSending(), cancellationToken);
    }

    private async Task<HttpResponseMessage> SendAsync(HttpClient client, HttpRequestMessage request, UpstreamSending sending, CancellationToken cancellationToken)
    {
        var response = await sending.SendAsync(client, request, cancellationToken);
        // The response knows its request: the conversation would be held for as long as the answer is read.
        request.Content = null;
        if (sending.HasConnected && client == http)
        {
            Interlocked.Exchange(ref _connected, time.GetTimestamp());
        }

        return response;
    }

    private HttpRequestMessage Question(ReadOnlyMemory<byte> body, UpstreamSecrets authorization)
    {
        var request = Request(HttpMethod.Post, _endpoint);
        request.Content = new ReadOnlyMemoryContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        request.Headers.Accept.ParseAdd("text/event-stream");
        authorization.AddTo(request.Headers);
        return request;
    }
}
