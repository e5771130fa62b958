using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Switchboard.Contract;

/// <summary>What the platform told about the call and the turn. Everything is optional: plain OpenAI clients send none of it.</summary>
public sealed record CallContext
{
    /// <summary>The platform that sent the request, by the name of its dialect, such as <c>ims</c>; null when it is not known.</summary>
    public string? Platform { get; init; }

    /// <summary>The call: one phone or RTC conversation.</summary>
    public string? InstanceId { get; init; }

    /// <summary>The channel that the call runs on.</summary>
    public string? ChannelId { get; init; }

    /// <summary>The turn: requests about the same thing the caller said carry the same id.</summary>
    public string? SentenceId { get; init; }

    /// <summary>What the application gave the platform when the call began, as text; often JSON.</summary>
    public string? UserData { get; init; }

    /// <summary>The number that calls, on phone calls.</summary>
    public string? CallerNumber { get; init; }

    /// <summary>The number that is called, on phone calls.</summary>
    public string? CalleeNumber { get; init; }

    public string? TaskId { get; init; }

    public string? RoomId { get; init; }

    /// <summary>The person who calls, by the id that the app gave the platform; null where it has none.</summary>
    public string? UserId { get; init; }

    /// <summary>The platform's agent or assistant that takes the call, by its id.</summary>
    public string? AgentId { get; init; }

    /// <summary>The customer's app or project at the platform, by its id.</summary>
    public string? AppId { get; init; }

    /// <summary>How the call came about: <c>inbound</c>, <c>outbound</c> or <c>web</c>; null where the platform does not say.</summary>
    public string? Direction { get; init; }

    /// <summary><see cref="UserData"/> as JSON; null when it is missing or is no JSON.</summary>
    public JsonElement? ParseUserData()
    {
        if (string.IsNullOrWhiteSpace(UserData))
        {
            return null;
        }

        try
        {
            // An emoji that was cut must not hide all the rest.
            using var document = JsonDocument.Parse(JsonBody.WithWholeCharacters(UserData));
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            // userData may be any text.
            return null;
        }
    }

    /// <summary>The call that <paramref name="options"/> belong to: how a responder of your own learns who is calling.</summary>
    public static CallContext From(ChatOptions? options) => (options as TurnOptions)?.Call ?? new CallContext();
}

/// <summary>The values of <see cref="CallContext.Direction"/>.</summary>
internal static class CallDirection
{
    public const string Inbound = "inbound";
    public const string Outbound = "outbound";
    public const string Web = "web";
}
