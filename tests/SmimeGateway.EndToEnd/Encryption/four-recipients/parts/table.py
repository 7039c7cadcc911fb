"""What a person reads."""


def render(result):
    lines = []
    for combination in result["combinations"]:
        lines.append(f"whenMissing {combination['whenMissing']}, blindCopies {combination['blindCopies']}")
        lines.append(f"  the client hears         {combination['reply']}")
        for message in combination["messages"]:
            lines.append(f"  {', '.join(message['to']):<24} {tell(message)}")
        for entry in combination["queued"]:
            lines.append(f"  {', '.join(entry['recipients']):<24} was held until a certificate appeared ({entry['state']})")
        lines.append("")
    disk = result["plainOnDisk"]
    lines.append("While mail was held, the plain text was " + (f"in {', '.join(disk)}" if disk else "nowhere on the disk") + ".")
    return "\n".join(lines)


def tell(message):
    if message["kind"] == "encrypted":
        return f"encrypted to {', '.join(message['recipientInfos'])}; read by {', '.join(message['readers'])}; " \
               f"names {', '.join(message['names'])}"
    if message["kind"] == "report":
        failures = ", ".join(f"{who} {status}" for who, status in zip(message["failed"], message["statuses"]))
        return f"report: {failures}"
    return message["kind"]
