using Microsoft.Extensions.AI;

namespace Switchboard.Models;

/// <summary>A responder by name.</summary>
/// <param name="Name">What <see cref="ModelOptions.Responder"/> says to get it.</param>
/// <param name="Create">Makes the client of one model; called once for each model that names it.</param>
internal sealed record ResponderRegistration(string Name, Func<IServiceProvider, ModelOptions, IChatClient> Create);
