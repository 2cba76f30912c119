"""The parameters that the equations read: one field for each, by the path it has in YAML.

A field `frontier_cn_catch_up` is the quantity `frontier.cn.catch_up`. Segment and offering fields
hold one number for each segment or offering. With draws, every array gains a last axis: the lane.
A quantity in a scenario that no field names is refused: no equation would read it.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.lanes.fields import Fields

Floats = NDArray[np.float64]


class Params(Fields):
    """World-level parameters, each [lane], or a plain float for one run."""

    frontier_us_start: Floats
    frontier_cn_start: Floats
    frontier_other_start: Floats
    frontier_us_pace: Floats
    frontier_cn_pace: Floats
    frontier_other_pace: Floats
    frontier_us_catch_up: Floats
    frontier_cn_catch_up: Floats
    frontier_other_catch_up: Floats
    frontier_elasticity: Floats
    frontier_us_compute: Floats
    frontier_other_compute: Floats
    frontier_cn_chip_demand: Floats
    frontier_cn_domestic_chips: Floats
    frontier_cn_induced_efficiency: Floats
    frontier_openness_spillover: Floats
    frontier_openness_deterrence: Floats
    frontier_shock_sd: Floats
    release_interval_us_closed: Floats
    release_interval_us_open: Floats
    release_interval_cn_closed: Floats
    release_interval_cn_open: Floats
    release_interval_other_open: Floats
    release_gap_us_open: Floats
    release_gap_cn_closed: Floats
    release_gap_cn_open: Floats
    release_gap_other_open: Floats
    release_gap_domestic: Floats
    release_size_sd: Floats
    release_buzz_mean: Floats
    attention_half_life: Floats
    attention_gain: Floats
    cost_decline: Floats
    cost_us_closed_markup: Floats
    cost_us_closed_pass_through: Floats
    cost_cn_open_local_accelerator_usd_hour: Floats
    cost_local_accelerator_decline: Floats
    cost_local_energy_usd_hour: Floats
    cost_local_tokens_mtok_hour: Floats
    cost_local_throughput_growth: Floats
    cost_local_utilisation: Floats
    cost_local_staff_income_share: Floats
    cost_local_volume_mtok_month: Floats
    cost_local_control_premium: Floats
    cost_scarcity_steepness: Floats
    cost_accelerator_usd: Floats
    cost_accelerator_retirement: Floats
    cost_accelerator_gdp_share: Floats
    cost_aid_accelerators_month: Floats
    cost_aid_discount: Floats
    cost_low_power_saving: Floats
    access_skill_exponent: Floats
    access_hosting_floor: Floats
    network_tie_offset: Floats
    network_tie_scale: Floats
    choice_similarity: Floats
    choice_economy_sd: Floats
    choice_home_bonus: Floats
    choice_entry: Floats
    sovereignty_cutoff_us: Floats
    sovereignty_cutoff_cn: Floats
    sovereignty_cutoff_other: Floats
    sovereignty_rivalry_gain: Floats
    sovereignty_refused_gain: Floats
    affinity_alliance_weight: Floats
    affinity_defence_gain: Floats
    affinity_forum_gain: Floats
    affinity_development_gain: Floats
    affinity_drift_speed: Floats
    standards_gain: Floats
    adoption_economy_sd: Floats
    adoption_growth_sd: Floats
    adoption_growth_persistence: Floats
    adoption_fall: Floats
    adoption_online_exponent: Floats
    adoption_language_weight: Floats
    adoption_openness_weight: Floats
    intensity_elasticity: Floats
    intensity_price_reference: Floats
    ecosystem_decay: Floats
    ecosystem_growth: Floats
    ecosystem_spill: Floats
    ecosystem_scale: Floats
    goodwill_persistence: Floats
    goodwill_world_sd: Floats
    goodwill_region_sd: Floats
    trust_depth: Floats
    trust_fall: Floats
    trust_healing: Floats
    feedback_revenue_gain: Floats
    feedback_data_gain: Floats
    feedback_community_gain: Floats
    feedback_openness_gain: Floats
    feedback_trade_gain: Floats
    observe_aggregator_selection: Floats
    observe_visits_per_user: Floats
    observe_curiosity: Floats


class SegmentParams(Fields):
    """Parameters of segments, each [segment, lane]: `segments.<name>.<field>` in YAML."""

    potential: Floats
    price_sensitivity: Floats
    budget_share: Floats
    seat_weight: Floats
    basket_mtok_month: Floats
    tokens_mtok_month: Floats
    paying: Floats
    effort: Floats
    word_of_mouth: Floats
    partner_talk: Floats
    forgetting: Floats
    seed: Floats
    leakage: Floats
    sovereignty_weight: Floats
    affinity_weight: Floats
    alliance_focus: Floats
    security_weight: Floats
    custom_weight: Floats
    stack_weight: Floats
    hosting_weight: Floats
    tie_us: Floats
    tie_cn: Floats
    tie_other: Floats
    task_exponent: Floats
    offer_scale: Floats
    ecosystem_weight: Floats
    builds: Floats
    imitation: Floats
    lock_in: Floats
    memory: Floats
    churn: Floats
    kappa: Floats
    income_weight: Floats
    value_weight: Floats
    ceiling: Floats
    speed_start: Floats
    speed_spread: Floats
    speed_partners: Floats
    industrial: Floats


class OfferingParams(Fields):
    """Attributes of offerings, each [offering, lane]: `offerings.<name>.<field>` in YAML."""

    seat_usd_month: Floats
    api_weight: Floats
    local_weight: Floats
    control: Floats
    customisation: Floats
    revocability: Floats
    risk: Floats
    scale_weight: Floats
    effort: Floats
    misfit_weight: Floats


class TaskParams(Fields):
    """What a task asks of a model, each [task, lane]: `tasks.<name>.<field>` in YAML."""

    threshold: Floats
    width: Floats
    tokens: Floats


class WorldParams(NamedTuple):
    """Fixed numbers that shape the static arrays; they carry no draw."""

    world_income_cap: float
    world_income_cap_ppp: float
    world_income_reference: float
    world_openness_reference: float
    world_home_share: float
    world_hub_misfit: float
    world_reference_month: float
    world_dated_months: float
    world_inference_share: float
    world_reference_capability: float
    adoption_internet_closing: float
    world_partner_coverage: float
    country_leakage_factor: float
    country_sovereignty_preference: float
    observe_coverage_china: float
    observe_aggregator_china: float
    observe_downloads_china: float
    observe_deepseek_share: float
    observe_deepseek_share_home: float


class WorldLevers(Fields):
    """World-wide levers, each [period]: the lever path with dots as underscores."""

    us_chip_controls_tightness: Floats
    us_chip_controls_leakage: Floats
    us_compute_boost: Floats
    us_reporting_drag: Floats
    us_openness: Floats
    us_monetisation: Floats
    us_price_cut: Floats
    us_partnership_scale: Floats
    cn_compute_boost: Floats
    other_compute_boost: Floats
    cn_rnd_support: Floats
    cn_economy_drag: Floats
    cn_domestic_efficiency: Floats
    cn_openness: Floats
    cn_release_delay: Floats
    buzz_us: Floats
    buzz_cn: Floats
    us_cutoffs: Floats
    cn_cutoffs: Floats
    price_us_closed: Floats
    price_us_open: Floats
    price_cn_open: Floats
    price_other_open: Floats


class EconomyLevers(Fields):
    """Levers set economy by economy, each [period, economy].

    The first are world levers that may be set for some economies (`sim.scenario.levers.LOCAL`).
    Besides these there is `access.<vendor>` for every vendor that an offering names, and
    `ban.<bloc or offering>.<segment>`; they follow from the scenario and are held by name.
    """

    us_chip_controls_tightness: Floats
    us_chip_controls_leakage: Floats
    us_chip_controls_tier2_cap: Floats
    us_price_cut: Floats
    us_allies_package: Floats
    cn_aid: Floats
    cn_low_power_chips: Floats
    forum_engagement: Floats
    rivalry: Floats
    standards_reach: Floats
    defence_salience: Floats
    partnership_signed: Floats
    gulf_buildout: Floats
    cloud_us: Floats
    cloud_cn: Floats
