using Microsoft.Extensions.AI;
using Switchboard.Models;

namespace Switchboard.Responders;

/// <summary>A responder by name.</summary>
/// <param name="Name">What <see cref="ModelOptions.Responder"/> says to get it.</param>
/// <param name="Create">
/// Makes what answers for one model, each client with the name that logs give it, in the order in which they are asked; called once
/// for each model that names the responder.
/// </param>
internal sealed record ResponderRegistration(
    string Name, Func<IServiceProvider, ModelOptions, IReadOnlyList<KeyValuePair<string, IChatClient>>> Create)
{
    /// <summary>A responder with one client.</summary>
    public static ResponderRegistration Single(string name, Func<IServiceProvider, ModelOptions, IChatClient> create) =>
        new(name, (services, model) => [KeyValuePair.Create(name, create(services, model))]);
}
